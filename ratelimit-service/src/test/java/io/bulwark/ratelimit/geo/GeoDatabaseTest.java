package io.bulwark.ratelimit.geo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoDatabaseTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void open() {
        file = folder.resolve("geo.mmdb");
    }

    @Test
    void theCountryOfAnAddressIsThatOfItsNetwork() throws IOException {
        MmdbFile.countries(Map.of("203.0.113.0/24", "NL", "198.51.100.128/25", "DE", "2001:db8::/32", "FR"))
                .writeTo(file);
        var database = database(GeoDatabase.Kind.COUNTRY);

        assertThat(database.code(Network.parse("203.0.113.77"))).isEqualTo(GeoTarget.countryCode("NL"));
        assertThat(database.code(Network.parse("203.0.113.77"))).isEqualTo(GeoTarget.countryCode("NL"));
        assertThat(database.code(Network.parse("198.51.100.200"))).isEqualTo(GeoTarget.countryCode("DE"));
        assertThat(database.code(Network.parse("2001:db8::7"))).isEqualTo(GeoTarget.countryCode("FR"));
        assertThat(database.code(Network.parse("198.51.100.100"))).isEqualTo(GeoDatabase.UNKNOWN);
        assertThat(database.code(Network.parse("2001:db9::7"))).isEqualTo(GeoDatabase.UNKNOWN);
        assertThat(database.status().type()).isEqualTo("GeoLite2-Country");
        assertThat(database.status().builtAt()).isEqualTo(Instant.ofEpochSecond(1_795_000_000L));
    }

    @Test
    void aDatabaseOfIpv4AloneSaysNothingOfIpv6() throws IOException {
        new MmdbFile("GeoLite2-Country", 4)
                .add("42.1.4.0/24", Map.of("country", Map.of("iso_code", "NL")))
                .writeTo(file);
        var database = database(GeoDatabase.Kind.COUNTRY);

        assertThat(database.code(Network.parse("42.1.4.7"))).isEqualTo(GeoTarget.countryCode("NL"));
        assertThat(database.code(Network.parse("2a01:4f8::2")))
                .isEqualTo(GeoDatabase.UNKNOWN); // begins like 42.1.4.248
        assertThat(database.status().ipVersion()).isEqualTo(4);
    }

    @Test
    void whereNoCountryIsKnownThatOfTheRegistrationIs() throws IOException {
        new MmdbFile("GeoIP2-Country")
                .add("203.0.113.0/24", Map.of("registered_country", Map.of("iso_code", "NL")))
                .add("198.51.100.0/24", Map.of("traits", Map.of("is_anycast", 1)))
                .writeTo(file);
        var database = database(GeoDatabase.Kind.COUNTRY);

        assertThat(database.code(Network.parse("203.0.113.7"))).isEqualTo(GeoTarget.countryCode("NL"));
        assertThat(database.code(Network.parse("198.51.100.7"))).isEqualTo(GeoDatabase.UNKNOWN);
    }

    @Test
    void theSystemOfAnAddressIsThatOfItsNetwork() throws IOException {
        MmdbFile.systems(Map.of("203.0.113.0/24", 64_500, "198.51.100.0/24", -2))
                .writeTo(file);
        var database = database(GeoDatabase.Kind.AS);

        assertThat(database.code(Network.parse("203.0.113.7"))).isEqualTo(64_500);
        assertThat(database.code(Network.parse("198.51.100.7"))).isEqualTo(4_294_967_294L);
    }

    @Test
    void aNewFileIsReadAndForgetsWhatWasRemembered() throws IOException {
        MmdbFile.countries(Map.of("203.0.113.0/24", "NL")).writeTo(file);
        var database = database(GeoDatabase.Kind.COUNTRY);
        assertThat(database.code(Network.parse("203.0.113.7"))).isEqualTo(GeoTarget.countryCode("NL"));

        MmdbFile.countries(Map.of("203.0.113.0/24", "DE")).writeTo(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        database.check();

        assertThat(database.code(Network.parse("203.0.113.7"))).isEqualTo(GeoTarget.countryCode("DE"));
    }

    @Test
    void aFileThatCannotBeReadLeavesTheOneBeforeInForceAndIsToldOf() throws IOException {
        MmdbFile.countries(Map.of("203.0.113.0/24", "NL")).writeTo(file);
        var database = database(GeoDatabase.Kind.COUNTRY);

        Files.writeString(file, "half of a database");
        database.check();
        assertThat(database.status().failure()).isNotNull();
        assertThat(database.code(Network.parse("203.0.113.7"))).isEqualTo(GeoTarget.countryCode("NL"));

        Files.delete(file);
        database.check();
        assertThat(database.status().failure()).contains("NoSuchFile");
        assertThat(database.isAvailable()).isTrue();
    }

    @Test
    void aDatabaseOfTheOtherKindIsRefused() throws IOException {
        MmdbFile.systems(Map.of("203.0.113.0/24", 64_500)).writeTo(file);

        var database = database(GeoDatabase.Kind.COUNTRY);

        assertThat(database.isAvailable()).isFalse();
        assertThat(database.status().failure()).contains("GeoLite2-ASN", "says nothing of kind country");
    }

    @Test
    void withoutAFileItSaysSo() {
        assertThat(database(GeoDatabase.Kind.COUNTRY).status())
                .matches(status -> status.configured() && !status.available());
        var none = new GeoDatabase(GeoDatabase.Kind.AS, null);
        none.check();
        assertThat(none.status()).matches(status -> !status.configured() && status.failure() == null);
        assertThat(none.code(Network.parse("203.0.113.7"))).isEqualTo(GeoDatabase.UNKNOWN);
    }

    private GeoDatabase database(GeoDatabase.Kind kind) {
        var database = new GeoDatabase(kind, file);
        database.check();
        return database;
    }
}
