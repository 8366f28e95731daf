package io.bulwark.ratelimit.geo;

import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import org.jspecify.annotations.Nullable;

/**
 * What is read of an entry of GeoLite2-Country; the rest of it is passed over. Public, for the reader makes it.
 *
 * @param country where the address is
 * @param registered where its network is registered: all that is known of some
 */
public record CountryEntry(
        @MaxMindDbParameter(name = "country") @Nullable Country country,

        @MaxMindDbParameter(name = "registered_country") @Nullable
        Country registered) {
    @MaxMindDbConstructor
    public CountryEntry {}

    /** A country. */
    public record Country(
            @MaxMindDbParameter(name = "iso_code") @Nullable String isoCode) {
        @MaxMindDbConstructor
        public Country {}
    }

    long code() {
        var place = country == null || country.isoCode() == null ? registered : country;
        var iso = place == null ? null : place.isoCode();
        return iso == null ? GeoDatabase.UNKNOWN : GeoTarget.countryCode(iso);
    }
}
