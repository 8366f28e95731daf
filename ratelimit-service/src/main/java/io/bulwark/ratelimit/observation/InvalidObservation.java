package io.bulwark.ratelimit.observation;

/** One item or line holds what it must not. The message names no value of it. */
final class InvalidObservation extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    InvalidObservation(String field, String why) {
        super(why, null, false, false);
        this.field = field;
    }

    String field() {
        return field;
    }
}
