package io.bulwark.ratelimit.envoy;

/** A call that is answered with a status other than OK. */
final class GrpcRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final int UNKNOWN = 2;
    static final int INVALID_ARGUMENT = 3;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;
    static final int UNAVAILABLE = 14;
    static final int UNAUTHENTICATED = 16;

    private final int status;

    /** @param message printable ASCII without {@code %}, so that it needs no encoding in {@code grpc-message} */
    GrpcRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
