package io.bulwark.ratelimit;

import io.bulwark.ratelimit.geo.MmdbFile;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What an operator may ask for: blocklists from this machine, databases of countries and systems with a few networks, and
 * detectors in shadow mode or others than usual, and little patience with who reads a list. One profile for all, since the service is built and started for each.
 */
public class OperatorSettings implements QuarkusTestProfile {
    public static final Duration EXPORT_PATIENCE = Duration.ofSeconds(1);

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            var folder = Files.createDirectories(Path.of("target/geo").toAbsolutePath());
            var countries = folder.resolve("country.mmdb");
            var systems = folder.resolve("asn.mmdb");
            MmdbFile.countries(Map.of("203.0.113.0/24", "NL", "198.51.100.0/24", "DE", "2001:db8::/32", "NL"))
                    .writeTo(countries);
            MmdbFile.systems(Map.of("203.0.113.0/25", 64_500, "198.51.100.0/24", 64_501))
                    .writeTo(systems);
            return Map.ofEntries(
                    Map.entry("bulwark.ratelimit.blocklist.allowed-networks", "127.0.0.0/8"),
                    Map.entry("bulwark.ratelimit.geo.country-database", countries.toString()),
                    Map.entry("bulwark.ratelimit.geo.as-database", systems.toString()),
                    Map.entry("bulwark.ratelimit.detection.login.shadow", "true"),
                    Map.entry("bulwark.ratelimit.anomaly.shadow", "false"),
                    Map.entry("bulwark.ratelimit.detection.stuffing.shadow", "true"),
                    Map.entry("bulwark.ratelimit.detection.stuffing.threshold", "3"),
                    Map.entry("bulwark.ratelimit.detection.waf.enabled", "false"),
                    Map.entry("bulwark.ratelimit.detection.distributed-flood.block", "true"),
                    Map.entry("bulwark.ratelimit.detection.distributed-flood.threshold", "4"),
                    Map.entry("bulwark.ratelimit.bulk.export-patience", EXPORT_PATIENCE.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
