package io.bulwark.auth.token;

/**
 * A signed access token.
 *
 * @param expiresIn seconds
 */
public record AccessToken(String value, long expiresIn) {
    @Override
    public String toString() {
        return "AccessToken[expiresIn=" + expiresIn + "]";
    }
}
