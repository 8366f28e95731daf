package io.bulwark.ratelimit.blocklist;

/** A list could not be had; the message says why, for a person. */
final class FetchFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 250;

    /** @param message may quote a source, so that it is told up to some length and without what Postgres may not keep */
    FetchFailed(String message) {
        super(message.substring(0, Math.min(LONGEST, message.length())).replaceAll("\\p{Cntrl}", "?"));
    }
}
