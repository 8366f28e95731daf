package io.bulwark.auth.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.auth.account.Accounts;
import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.ClientAuthentication;
import io.bulwark.auth.client.InvalidClient;
import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Sessions;
import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.audit.NotAudited;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The token endpoint (RFC 6749, section 3.2): refreshing, and client credentials. No password grant, no implicit one. */
@Path("/oauth2/token")
class TokenResource {
    private final ClientAuthentication authentication;
    private final Sessions sessions;
    private final Accounts accounts;
    private final RevocationLedger ledger;
    private final TokenIssuer issuer;
    private final ClientAddress address;

    TokenResource(
            ClientAuthentication authentication,
            Sessions sessions,
            Accounts accounts,
            RevocationLedger ledger,
            TokenIssuer issuer,
            ClientAddress address) {
        this.authentication = authentication;
        this.sessions = sessions;
        this.accounts = accounts;
        this.ledger = ledger;
        this.issuer = issuer;
        this.address = address;
    }

    /** RFC 6749, section 5.1. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TokenAnswer(
            @JsonProperty("access_token") String accessToken,
            @JsonProperty("token_type") String tokenType,
            @JsonProperty("expires_in") long expiresIn,
            @JsonProperty("refresh_token") @Nullable String refreshToken) {
        @Override
        public String toString() {
            return "TokenAnswer[" + expiresIn + "]";
        }
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @PermitAll
    @APIResponse(
            responseCode = "200",
            description = "Granted",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TokenAnswer.class)))
    @NotAudited("continues what a sign-in began; abuse is an event of its own")
    public Response token(
            MultivaluedMap<String, String> parameters,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var form = new OAuthForm(parameters, authorization);
        return Response.ok(grant(form))
                .header("Cache-Control", "no-store")
                .header("Pragma", "no-cache")
                .build();
    }

    private TokenAnswer grant(OAuthForm form) {
        try {
            return switch (form.required("grant_type")) {
                case "refresh_token" -> refresh(form);
                case "client_credentials" -> clientCredentials(form);
                default -> throw OAuthRefusal.unsupportedGrantType();
            };
        } catch (InvalidClient e) {
            throw OAuthRefusal.invalidClient();
        }
    }

    private TokenAnswer clientCredentials(OAuthForm form) {
        var client = form.requireClient(authentication);
        if (form.optional("scope").isPresent()) {
            throw OAuthRefusal.invalidScope();
        }
        var token = QuarkusTransaction.requiringNew().call(() -> issuer.forClient(client));
        return new TokenAnswer(token.value(), "Bearer", token.expiresIn(), null);
    }

    private TokenAnswer refresh(OAuthForm form) {
        var refreshToken = form.required("refresh_token");
        var client = form.client(authentication).map(Client::id).orElse(null);
        var from = address.current().toString();
        // Refused by value and not by exception: that a token came twice must be committed.
        var answer = QuarkusTransaction.requiringNew().call(() -> refresh(refreshToken, client, from));
        return answer.orElseThrow(OAuthRefusal::invalidGrant);
    }

    private Optional<TokenAnswer> refresh(String refreshToken, @Nullable String client, String from) {
        var session = sessions.of(refreshToken)
                .filter(found -> found.clientId() == null || found.clientId().equals(client));
        if (session.isEmpty()) {
            return Optional.empty();
        }
        ledger.lockCurrent(session.get().accountId(), session.get().clientId());
        return sessions.refresh(refreshToken, from)
                .flatMap(next -> accounts.findActive(next.session().accountId()).map(account -> {
                    var token = issuer.forUser(account, next.session());
                    return new TokenAnswer(token.value(), "Bearer", token.expiresIn(), next.refreshToken());
                }));
    }
}
