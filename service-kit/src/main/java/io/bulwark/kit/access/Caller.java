package io.bulwark.kit.access;

import io.bulwark.events.Envelope;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Who calls, as the token of this request says. */
@ApplicationScoped
public class Caller {
    /** The id of a caller without a token. */
    public static final String ANONYMOUS = "anonymous";

    private final SecurityIdentity identity;

    Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The user's or client's id: claim {@code sub}. */
    public String id() {
        if (identity.isAnonymous()) {
            return ANONYMOUS;
        }
        var subject = identity.getPrincipal() instanceof JsonWebToken token ? token.getSubject() : null;
        return subject == null ? identity.getPrincipal().getName() : subject;
    }

    /** The e-mail address, or the client's id. */
    public @Nullable String name() {
        var email = claim("email");
        return email == null ? claim("client_id") : email;
    }

    public List<String> roles() {
        return identity.getRoles().stream().sorted().toList();
    }

    public boolean has(String role) {
        return identity.hasRole(role);
    }

    /** The application that a machine is registered for. */
    public String application() {
        var application = claim("application");
        return application == null ? Envelope.DEFAULT_APPLICATION : application;
    }

    /** A claim of the token, as text; null where it has none. */
    public @Nullable String claim(String name) {
        if (identity.isAnonymous() || !(identity.getPrincipal() instanceof JsonWebToken token)) {
            return null;
        }
        Object value = token.getClaim(name);
        return value == null ? null : value.toString();
    }
}
