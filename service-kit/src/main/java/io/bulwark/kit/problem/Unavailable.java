package io.bulwark.kit.problem;

/** What the call needs is away for a while; nothing was changed. */
public final class Unavailable extends Problem {
    private static final long serialVersionUID = 1L;

    public Unavailable(String detail) {
        super(503, "temporarily-unavailable", detail);
        header("Retry-After", "5");
    }
}
