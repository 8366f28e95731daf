package io.bulwark.auth.login;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.auth.account.PasswordCheck;
import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.ClientAuthentication;
import io.bulwark.events.Envelope;
import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.audit.NotAudited;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/**
 * Signing in. A backend that signs people in for its application sends its client credentials along; the attempt and
 * the session are then that application's.
 */
@Path("/api/v1/login")
class LoginResource {
    private final ClientAuthentication clients;
    private final PasswordCheck check;
    private final SigningIn signingIn;
    private final ClientAddress address;

    LoginResource(ClientAuthentication clients, PasswordCheck check, SigningIn signingIn, ClientAddress address) {
        this.clients = clients;
        this.check = check;
        this.signingIn = signingIn;
        this.address = address;
    }

    record Login(
            @NotBlank @Size(max = 254) @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "holds control characters")
            String email,

            @NotNull String password) {
        @Override
        public String toString() {
            return "Login[" + email + "]";
        }
    }

    /**
     * @param refreshToken absent while the password must be changed; the access token is then good for that alone
     * @param expiresIn seconds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SignedIn(String accessToken, @Nullable String refreshToken, long expiresIn, boolean mustChangePassword) {
        @Override
        public String toString() {
            return "SignedIn[" + mustChangePassword + "]";
        }
    }

    @POST
    @PermitAll
    @NotAudited("login-succeeded and login-failed are its record")
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    public SignedIn login(
            @NotNull @Valid Login login, @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var client = clients.basic(authorization);
        var application = client.map(Client::application).orElse(Envelope.OWN_APPLICATION);
        var clientId = client.map(Client::id).orElse(null);
        var from = address.current().toString();
        return check.check(login.email(), login.password(), from, application)
                .flatMap(passed -> signingIn.signIn(passed, clientId, application, from))
                .orElseThrow(LoginRefused::new);
    }
}
