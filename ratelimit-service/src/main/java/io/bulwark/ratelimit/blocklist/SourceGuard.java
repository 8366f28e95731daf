package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where lists may be fetched from: a URL of somebody else's must not make this service ask what stands behind its own
 * firewall. The address that was checked is the one to connect to, for a name may mean another one the next time.
 */
@ApplicationScoped
class SourceGuard {
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int LAST_PORT = 65_535;

    private final List<Network> allowed;

    SourceGuard(BlocklistConfig config) {
        this.allowed = config.allowedNetworks().orElse(List.of()).stream()
                .map(Network::parse)
                .toList();
    }

    /** @throws FetchFailed where it is no URL of a list, whatever its host's address is */
    URI url(String text) throws FetchFailed {
        try {
            var url = new URI(text);
            if (url.getScheme() == null || !SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))) {
                throw new FetchFailed("must be an http or https URL");
            }
            if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
                throw new FetchFailed("must have a host, and neither a user nor a fragment");
            }
            if (url.getPort() > LAST_PORT) {
                throw new FetchFailed("must have a port of at most " + LAST_PORT);
            }
            return url;
        } catch (URISyntaxException e) {
            throw new FetchFailed("is no URL: " + e.getReason());
        }
    }

    /**
     * The address to connect to. Asks the name server.
     *
     * @throws FetchFailed where one of the host's addresses is not public, or it has none
     */
    InetAddress address(URI url) throws FetchFailed {
        try {
            var addresses = InetAddress.getAllByName(url.getHost());
            for (var address : addresses) {
                if (!isAllowed(Network.of(address.getAddress()))) {
                    throw new FetchFailed("has a host whose address is not public: " + address.getHostAddress());
                }
            }
            return addresses[0];
        } catch (UnknownHostException e) {
            throw new FetchFailed("has a host without an address: " + url.getHost());
        }
    }

    /** Why lists must not be fetched from there; empty where they may, or where the host is not known right now. */
    Optional<String> objection(String text) {
        try {
            var url = url(text);
            InetAddress.getAllByName(url.getHost());
            address(url);
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        } catch (FetchFailed e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private boolean isAllowed(Network address) {
        return !SpecialNetworks.touch(address) || allowed.stream().anyMatch(network -> network.contains(address));
    }
}
