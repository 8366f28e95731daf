package io.bulwark.auth.token;

import io.bulwark.auth.AuthConfig;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseHeader;

/** Where everything is and which keys check our tokens. Addresses come from configuration, never from the request. */
@Path("/")
class DiscoveryResource {
    private final SigningKeys keys;
    private final String issuer;

    DiscoveryResource(SigningKeys keys, AuthConfig config) {
        this.keys = keys;
        this.issuer = config.token().issuer();
    }

    /** A JWK set (RFC 7517). */
    record KeySet(List<Map<String, Object>> keys) {}

    /** OpenID Connect Discovery 1.0; there is no authorization endpoint, so there are no response types. */
    @GET
    @Path(".well-known/openid-configuration")
    @PermitAll
    @ResponseHeader(name = "Cache-Control", value = "public, max-age=300")
    public Map<String, Object> configuration() {
        var document = new LinkedHashMap<String, Object>();
        document.put("issuer", issuer);
        document.put("token_endpoint", at("/oauth2/token"));
        document.put("jwks_uri", at("/oauth2/jwks"));
        document.put("introspection_endpoint", at("/oauth2/introspect"));
        document.put("revocation_endpoint", at("/oauth2/revoke"));
        document.put("response_types_supported", List.of());
        document.put("grant_types_supported", List.of("client_credentials", "refresh_token"));
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of("RS256"));
        var methods = List.of("client_secret_basic", "client_secret_post");
        document.put("token_endpoint_auth_methods_supported", methods);
        document.put("introspection_endpoint_auth_methods_supported", methods);
        document.put("revocation_endpoint_auth_methods_supported", methods);
        return document;
    }

    @GET
    @Path("oauth2/jwks")
    @PermitAll
    @ResponseHeader(name = "Cache-Control", value = "public, max-age=300")
    public KeySet keys() {
        return new KeySet(keys.publicJwks());
    }

    private String at(String path) {
        return issuer.replaceAll("/+$", "") + path;
    }
}
