package io.bulwark.auth.token;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.kit.audit.RefusedCalls;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes a refusal as OAuth clients read it; wrong credentials count as a refused call. */
class OAuthRefusalAnswer {
    private final Runnable refusedCall;

    @Inject
    OAuthRefusalAnswer(RefusedCalls refusedCalls) {
        this(refusedCalls::count);
    }

    /** @param refusedCall counts the current call as refused */
    OAuthRefusalAnswer(Runnable refusedCall) {
        this.refusedCall = refusedCall;
    }

    record Body(
            String error, @JsonProperty("error_description") String description) {}

    @ServerExceptionMapper
    public Response answer(OAuthRefusal refusal) {
        if (refusal.status() == 401) {
            refusedCall.run();
        }
        var response = Response.status(refusal.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
                .entity(new Body(refusal.error(), String.valueOf(refusal.getMessage())));
        if (refusal.challenge() != null) {
            response.header("WWW-Authenticate", refusal.challenge());
        }
        return response.build();
    }
}
