package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.net.Network;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's settings as a decision reads them: parsed once, and header names such that looking them up is cheap.
 *
 * @param application whose requests it asks about
 * @param hops addresses at the right end that are its own; negative where {@code ownAddresses} tell
 * @param ownAddresses what is passed over from the right; empty for the service's trusted proxies
 * @param addressHeader the one header that holds the client's address; null for the usual ones
 * @param authenticatedHeader by which it says that it knows the client; null where it never does
 */
public record GatewayProfile(
        String application,
        int hops,
        List<Network> ownAddresses,
        @Nullable CharSequence addressHeader,
        Undecided undecided,
        HeaderProfile headers,
        @Nullable CharSequence authenticatedHeader) {

    /** Own addresses are told by {@link #ownAddresses}, not by their number. */
    public static final int BY_ADDRESS = -1;

    /** Of a gateway that is not registered but has a token: the default settings. */
    public static GatewayProfile ofToken(String application) {
        return of(application, GatewaySettings.DEFAULT);
    }

    static GatewayProfile of(String application, GatewaySettings settings) {
        return new GatewayProfile(
                application,
                settings.hops() == null ? BY_ADDRESS : settings.hops(),
                settings.ownAddresses().stream().map(Network::parse).toList(),
                optimized(settings.addressHeader()),
                settings.undecided(),
                settings.headers(),
                optimized(settings.authenticatedHeader()));
    }

    /** Whether its registration says that this is one of its own addresses, or of what stands before it. */
    public boolean owns(Network address) {
        for (var i = 0; i < ownAddresses.size(); i++) {
            if (ownAddresses.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable CharSequence optimized(@Nullable String header) {
        return header == null ? null : HttpHeaders.createOptimized(header);
    }
}
