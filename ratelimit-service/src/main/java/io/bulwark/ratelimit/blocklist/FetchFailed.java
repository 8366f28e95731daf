package io.bulwark.ratelimit.blocklist;

/** A list could not be had; the message says why, for a person. */
final class FetchFailed extends Exception {
    private static final long serialVersionUID = 1L;

    FetchFailed(String message) {
        super(message);
    }
}
