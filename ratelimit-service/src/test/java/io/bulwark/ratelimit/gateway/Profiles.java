package io.bulwark.ratelimit.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gateways' settings as tests of other features need them. */
public final class Profiles {
    private Profiles() {}

    /** With so many hops of its own. */
    public static GatewayProfile hops(int hops) {
        return GatewayProfile.of("test", new GatewaySettings(hops, null, null, null, null, null));
    }

    /** With these addresses of its own. */
    public static GatewayProfile own(String... addresses) {
        return GatewayProfile.of("test", new GatewaySettings(null, List.of(addresses), null, null, null, null));
    }

    /** That serves, or does not, whom nobody can decide about. */
    public static GatewayProfile undecided(Undecided answer) {
        return GatewayProfile.of("test", new GatewaySettings(null, null, null, answer, null, null));
    }

    /** That writes the client's address into this header. */
    public static GatewayProfile header(@Nullable Integer hops, String header) {
        return GatewayProfile.of("test", new GatewaySettings(hops, null, header, null, null, null));
    }
}
