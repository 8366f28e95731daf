package io.bulwark.auth.token;

import org.jspecify.annotations.Nullable;

/** A refusal in the shape of RFC 6749, section 5.2, which OAuth clients expect instead of a problem. */
final class OAuthRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;
    private final @Nullable String challenge;

    private OAuthRefusal(int status, String error, String description, @Nullable String challenge) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
        this.challenge = challenge;
    }

    static OAuthRefusal invalidRequest(String description) {
        return new OAuthRefusal(400, "invalid_request", description, null);
    }

    static OAuthRefusal invalidGrant() {
        return new OAuthRefusal(400, "invalid_grant", "The refresh token is not valid, or no longer", null);
    }

    static OAuthRefusal unsupportedGrantType() {
        return new OAuthRefusal(
                400, "unsupported_grant_type", "grant_type must be refresh_token or client_credentials", null);
    }

    static OAuthRefusal invalidScope() {
        return new OAuthRefusal(400, "invalid_scope", "There are no scopes here: roles come with the client", null);
    }

    static OAuthRefusal invalidClient() {
        return new OAuthRefusal(401, "invalid_client", "Unknown client or wrong secret", "Basic realm=\"bulwark\"");
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    @Nullable
    String challenge() {
        return challenge;
    }
}
