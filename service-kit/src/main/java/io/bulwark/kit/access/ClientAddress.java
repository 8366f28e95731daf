package io.bulwark.kit.access;

import io.bulwark.kit.net.ForwardedHops;
import io.bulwark.kit.net.Network;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The client's address: the nearest hop that is no trusted proxy, walking from the right over all {@code X-Forwarded-For}
 * lines, or {@code Forwarded} (RFC 7239) where there is none. What the client wrote itself stands further left and is
 * never reached.
 */
@Singleton // without a client proxy before it: every decision asks whose proxies these are
public class ClientAddress {
    private final List<Network> trustedProxies;
    private final CurrentVertxRequest request;

    ClientAddress(
            @ConfigProperty(name = "bulwark.trusted-proxies") Optional<List<String>> trustedProxies,
            CurrentVertxRequest request) {
        this.trustedProxies =
                trustedProxies.orElse(List.of()).stream().map(Network::parse).toList();
        this.request = request;
    }

    /** The address that this request came from; the peer's where nobody in between is trusted. */
    public Network current() {
        return of(request.getCurrent().request());
    }

    /** As {@link #current()}, for a request outside Jakarta REST. */
    public Network of(HttpServerRequest http) {
        return of(Network.parse(withoutZone(http.remoteAddress().hostAddress())), http.headers());
    }

    /** What is malformed ends the walk at the last address that was believed. */
    Network of(Network peer, MultiMap headers) {
        var listed = headers.getAll("X-Forwarded-For");
        var hops =
                listed.isEmpty() ? ForwardedHops.forwarded(headers.getAll("Forwarded")) : ForwardedHops.listed(listed);
        var client = peer;
        while (isTrustedProxy(client) && hops.next()) {
            var hop = hops.address();
            if (hop == null) {
                return client;
            }
            client = hop;
        }
        return client;
    }

    /** True for a proxy of our own, whose word on the client is believed and who is never blocked automatically. */
    public boolean isTrustedProxy(Network address) {
        for (var proxy : trustedProxies) {
            if (proxy.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static String withoutZone(String address) {
        var zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
