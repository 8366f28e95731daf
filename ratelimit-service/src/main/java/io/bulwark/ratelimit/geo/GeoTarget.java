package io.bulwark.ratelimit.geo;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who is refused: a country or an autonomous system, one of the two.
 *
 * @param country by its two letters of ISO 3166, in capitals
 * @param asn the number of an autonomous system, 1 to 2^32 - 1
 */
public record GeoTarget(@Nullable String country, @Nullable Long asn) {
    private static final int LETTERS = 2;

    public GeoTarget {
        if ((country == null) == (asn == null)) {
            throw new IllegalArgumentException("either a country or an autonomous system");
        }
    }

    GeoDatabase.Kind kind() {
        return country == null ? GeoDatabase.Kind.AS : GeoDatabase.Kind.COUNTRY;
    }

    /** As databases' entries are compared with it. */
    long code() {
        return country == null ? Objects.requireNonNull(asn) : countryCode(country);
    }

    /** {@code CN}, or {@code AS64500}. */
    @Override
    public String toString() {
        return country == null ? "AS" + asn : country;
    }

    /** The two letters of a number; null for {@link GeoDatabase#UNKNOWN}. */
    static @Nullable String country(long code) {
        return code == GeoDatabase.UNKNOWN
                ? null
                : new String(new char[] {(char) (code >>> Character.SIZE), (char) code});
    }

    /** A number for two letters; {@link GeoDatabase#UNKNOWN} for what are none. */
    static long countryCode(String iso) {
        return iso.length() == LETTERS ? (long) iso.charAt(0) << Character.SIZE | iso.charAt(1) : GeoDatabase.UNKNOWN;
    }
}
