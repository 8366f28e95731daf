package io.bulwark.localstack;

/** Something the person at the keyboard can act on; the message is the one line that they read. */
public class StackFailure extends RuntimeException {
    public StackFailure(String message) {
        super(message);
    }

    StackFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
