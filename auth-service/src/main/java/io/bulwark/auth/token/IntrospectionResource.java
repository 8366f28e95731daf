package io.bulwark.auth.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.auth.client.ClientAuthentication;
import io.bulwark.auth.client.InvalidClient;
import io.bulwark.kit.access.ReadsOnly;
import jakarta.annotation.security.PermitAll;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** Whether a token holds at this moment (RFC 7662), for those who cannot check it themselves. */
@Path("/oauth2/introspect")
class IntrospectionResource {
    private final ClientAuthentication authentication;
    private final PresentedTokens tokens;

    IntrospectionResource(ClientAuthentication authentication, PresentedTokens tokens) {
        this.authentication = authentication;
        this.tokens = tokens;
    }

    /** RFC 7662, section 2.2; of a token that does not hold it says nothing more. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Introspection(
            boolean active,
            @Nullable @JsonProperty("token_type") String tokenType,
            @Nullable String iss,
            @Nullable String sub,
            @Nullable @JsonProperty("client_id") String clientId,
            @Nullable String aud,
            @Nullable Long exp,
            @Nullable Long iat,
            @Nullable String jti,
            @Nullable List<String> groups,
            @Nullable String application) {
        static final Introspection INACTIVE =
                new Introspection(false, null, null, null, null, null, null, null, null, null, null);
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @PermitAll
    @Transactional
    @ReadsOnly
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    public Introspection introspect(
            MultivaluedMap<String, String> parameters,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var form = new OAuthForm(parameters, authorization);
        try {
            var client = form.requireClient(authentication);
            return tokens.introspect(form.required("token"), client);
        } catch (InvalidClient e) {
            throw OAuthRefusal.invalidClient();
        }
    }
}
