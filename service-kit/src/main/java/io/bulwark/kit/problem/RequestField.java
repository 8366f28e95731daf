package io.bulwark.kit.problem;

import java.util.function.Function;

/** What the text of one field of a request says. */
public final class RequestField {
    private RequestField() {}

    /**
     * Reads it.
     *
     * @param parse throws an {@link IllegalArgumentException} whose message tells a person what is wrong
     * @throws Problem 422 with that message
     */
    public static <T> T parse(String field, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(field, String.valueOf(e.getMessage()));
        }
    }
}
