package io.bulwark.auth.token;

import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.ClientAuthentication;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of an OAuth request; none may come twice (RFC 6749, section 3.2). */
final class OAuthForm {
    private static final int MAX_VALUE = 8_192;

    private final MultivaluedMap<String, String> parameters;
    private final @Nullable String authorization;

    OAuthForm(MultivaluedMap<String, String> parameters, @Nullable String authorization) {
        this.parameters = parameters;
        this.authorization = authorization;
        parameters.forEach((name, values) -> {
            if (values.size() > 1) {
                throw OAuthRefusal.invalidRequest(shown(name) + " is there more than once");
            }
            if (values.getFirst().length() > MAX_VALUE) {
                throw OAuthRefusal.invalidRequest(shown(name) + " is too long");
            }
        });
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> OAuthRefusal.invalidRequest(name + " is missing"));
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(parameters.getFirst(name)).filter(value -> !value.isEmpty());
    }

    /** @throws OAuthRefusal where the request carries no client credentials */
    Client requireClient(ClientAuthentication authentication) {
        return client(authentication).orElseThrow(OAuthRefusal::invalidClient);
    }

    /**
     * @return empty where the request carries no client credentials
     * @throws io.bulwark.auth.client.InvalidClient where it carries wrong ones
     */
    Optional<Client> client(ClientAuthentication authentication) {
        var secret = optional("client_secret");
        if (secret.isPresent() && authorization != null) {
            throw OAuthRefusal.invalidRequest("Credentials come in the header or in the form, not in both");
        }
        return secret.isPresent()
                ? Optional.of(authentication.post(required("client_id"), secret.get()))
                : authentication.basic(authorization);
    }

    private static String shown(String name) {
        return name.matches("[a-z_]{1,32}") ? name : "A parameter";
    }
}
