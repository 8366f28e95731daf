package io.bulwark.ratelimit.geo;

import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import org.jspecify.annotations.Nullable;

/** What is read of an entry of GeoLite2-ASN. Public, for the reader makes it. */
public record AsEntry(
        @MaxMindDbParameter(name = "autonomous_system_number") @Nullable
        Long number) {
    @MaxMindDbConstructor
    public AsEntry {}

    long code() {
        return number == null ? GeoDatabase.UNKNOWN : number;
    }
}
