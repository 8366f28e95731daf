package io.bulwark.ratelimit.decision;

import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.net.Network;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * Whose request a gateway asks about, as its {@code X-Forwarded-For} says: the nearest hop that is no trusted proxy. The
 * gateway itself, known by its key, is the nearest of all and is believed. What the client wrote stands further left and
 * is never reached; where nothing usable stands, there is no answer, least of all the gateway's own address.
 */
@ApplicationScoped
class ForwardedClient {
    private static final CharSequence X_FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final int MAX_HOPS = 32;

    private final ClientAddress proxies;

    ForwardedClient(ClientAddress proxies) {
        this.proxies = proxies;
    }

    /** Null where the gateway does not say, or says something else than addresses. */
    @Nullable
    Network of(MultiMap headers) {
        var lines = headers.getAll(X_FORWARDED_FOR);
        var hops = 0;
        for (var i = lines.size() - 1; i >= 0; i--) {
            var line = lines.get(i);
            var end = line.length();
            while (end >= 0 && hops++ < MAX_HOPS) {
                var comma = line.lastIndexOf(',', end - 1);
                var address = address(line.substring(comma + 1, end).trim());
                if (address == null || !proxies.isTrustedProxy(address)) {
                    return address;
                }
                end = comma;
            }
        }
        return null;
    }

    private static @Nullable Network address(String hop) {
        try {
            var address = Network.parse(withoutPort(hop));
            return address.isAddress() && hop.indexOf('/') < 0 ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** {@code 192.0.2.1:80} and {@code [2001:db8::1]:80} are written by some proxies. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            var end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        var colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
