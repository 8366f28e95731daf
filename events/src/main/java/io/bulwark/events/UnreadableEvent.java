package io.bulwark.events;

/** A record that is no CloudEvent of the contract; its message is the reason that the dead letter carries. */
public final class UnreadableEvent extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableEvent(String reason) {
        super(reason);
    }

    UnreadableEvent(String reason, Throwable cause) {
        super(reason, cause);
    }
}
