package io.bulwark.ratelimit.envoy;

/** A configuration says something that it must not; the message names the line. */
final class InvalidDomainFile extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidDomainFile(String message) {
        super(message, null);
    }

    InvalidDomainFile(int line, String message) {
        super("line " + line + ": " + message, null);
    }
}
