package io.bulwark.kit.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal that knows its status and its stable code, rendered as {@code application/problem+json} (RFC 9457). A
 * feature has a subclass per refusal, named after what was refused.
 */
public class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Prefix of every {@code type}. */
    public static final String TYPE_BASE = "https://bulwark.io/problems/";

    private final int status;
    private final String code;
    private final transient Map<String, Object> extensions = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    /**
     * @param status HTTP status, 400 to 599
     * @param code stable, in kebab case; the last segment of {@code type}
     * @param detail for a person; never a secret, never internals
     */
    public Problem(int status, String code, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** Nothing of this kind has this identity, or the caller may not know of it. */
    public static Problem notFound(String what) {
        return new Problem(404, "not-found", "No such " + what);
    }

    /** One field of the request holds what it must not. */
    public static Problem invalid(String field, String why) {
        return new Problem(422, "invalid-field", field + ": " + why)
                .with("errors", List.of(Map.of("field", field, "message", why)));
    }

    /** Adds an extension member. */
    public Problem with(String member, Object value) {
        extensions.put(member, value);
        return this;
    }

    /** Adds a response header, such as {@code Retry-After}. */
    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    Map<String, Object> extensions() {
        return extensions;
    }

    Map<String, String> headers() {
        return headers;
    }
}
