package io.bulwark.auth.token;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes a refusal as OAuth clients read it. */
class OAuthRefusalAnswer {
    record Body(
            String error, @JsonProperty("error_description") String description) {}

    @ServerExceptionMapper
    public Response answer(OAuthRefusal refusal) {
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
