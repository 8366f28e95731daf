package io.bulwark.ratelimit.geo;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the operator puts the databases; they are read again when the files change. */
@ConfigMapping(prefix = "bulwark.ratelimit.geo")
public interface GeoConfig {
    /** A MaxMind DB file with the schema of GeoLite2-Country (or -City), DB-IP's and others' with it. */
    Optional<Path> countryDatabase();

    /** A MaxMind DB file with the schema of GeoLite2-ASN. */
    Optional<Path> asDatabase();
}
