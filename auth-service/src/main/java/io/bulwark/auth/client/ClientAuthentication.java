package io.bulwark.auth.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out which client calls, by {@code client_secret_basic} or {@code client_secret_post} (RFC 6749, section 2.3.1). */
@ApplicationScoped
public class ClientAuthentication {
    private static final String BASIC = "Basic ";
    private static final int MAX_HEADER = 1_024;

    private final Clients clients;

    ClientAuthentication(Clients clients) {
        this.clients = clients;
    }

    /**
     * The client of an HTTP Basic header.
     *
     * @return empty where the header is absent, or of another scheme
     * @throws InvalidClient where it does not prove a client
     */
    @Transactional
    public Optional<Client> basic(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        if (authorization.length() > MAX_HEADER) {
            throw new InvalidClient();
        }
        var credentials = decode(authorization.substring(BASIC.length()).strip());
        var colon = credentials.indexOf(':');
        if (colon < 0) {
            throw new InvalidClient();
        }
        return Optional.of(authenticate(credentials.substring(0, colon), credentials.substring(colon + 1)));
    }

    /** As {@link #basic}, for credentials in a form. */
    @Transactional
    public Client post(String clientId, String secret) {
        return authenticate(clientId, secret);
    }

    private Client authenticate(String clientId, String secret) {
        if (!clientId.matches(ClientRules.ID)) {
            throw new InvalidClient();
        }
        return clients.find(clientId)
                .filter(client -> client.hasSecret(secret) || client.hasSecret(formDecoded(secret)))
                .orElseThrow(InvalidClient::new);
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidClient();
        }
    }

    /** The RFC wants both parts form-encoded, and half of the clients in the world do not do it. */
    private static String formDecoded(String secret) {
        try {
            return URLDecoder.decode(secret, UTF_8);
        } catch (IllegalArgumentException e) {
            return secret;
        }
    }
}
