package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.net.ForwardedHops;
import io.bulwark.kit.net.HopText;
import io.bulwark.kit.net.Network;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose request a gateway asks about. The gateway is known by its key and is believed as far as its registration goes: what
 * it and the proxies in front of it wrote is passed over from the right, over all lines, and the next hop is the client.
 * What the client wrote stands further left and is never reached. Where nothing usable stands, there is no answer, least
 * of all the gateway's own address.
 */
@Singleton
public class ForwardedClient {
    private static final CharSequence X_FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final CharSequence FORWARDED = HttpHeaders.createOptimized("Forwarded");
    private static final CharSequence X_REAL_IP = HttpHeaders.createOptimized("X-Real-Ip");

    private final Predicate<Network> trustedProxies;

    @Inject
    ForwardedClient(ClientAddress proxies) {
        this(proxies::isTrustedProxy);
    }

    ForwardedClient(Predicate<Network> trustedProxies) {
        this.trustedProxies = trustedProxies;
    }

    /** Null where the gateway does not say, or says something else than addresses. */
    public @Nullable Network of(MultiMap headers, GatewayProfile gateway) {
        return of(headers::getAll, gateway);
    }

    /**
     * As {@link #of(MultiMap, GatewayProfile)}, for requests whose headers come as something else.
     *
     * @param headers all lines of the header of this name, in their order; empty where there is none
     */
    public @Nullable Network of(Function<CharSequence, List<String>> headers, GatewayProfile gateway) {
        var only = gateway.addressHeader();
        if (only != null) {
            var lines = headers.apply(only);
            return client(
                    AsciiString.contentEqualsIgnoreCase(only, FORWARDED)
                            ? ForwardedHops.forwarded(lines)
                            : ForwardedHops.listed(lines),
                    gateway);
        }
        var lines = headers.apply(X_FORWARDED_FOR);
        if (!lines.isEmpty()) {
            return client(ForwardedHops.listed(lines), gateway);
        }
        lines = headers.apply(FORWARDED);
        if (!lines.isEmpty()) {
            return client(ForwardedHops.forwarded(lines), gateway);
        }
        // Traefik writes its own peer there, beside a right X-Forwarded-For
        return single(headers.apply(X_REAL_IP), gateway);
    }

    private @Nullable Network client(ForwardedHops hops, GatewayProfile gateway) {
        var counted = gateway.hops();
        for (var passed = 0; passed < counted; passed++) {
            if (!hops.next() || hops.isBlank()) {
                return null;
            }
        }
        while (hops.next()) {
            var address = hops.address();
            if (address == null || counted >= 0 || !isOwn(address, gateway)) {
                return address;
            }
        }
        return null;
    }

    private @Nullable Network single(List<String> lines, GatewayProfile gateway) {
        if (lines.size() != 1) {
            return null;
        }
        var line = lines.get(0);
        var address = HopText.address(line);
        return address == null || (gateway.hops() < 0 && isOwn(address, gateway)) ? null : address;
    }

    private boolean isOwn(Network address, GatewayProfile gateway) {
        return gateway.ownAddresses().isEmpty() ? trustedProxies.test(address) : gateway.owns(address);
    }
}
