package io.bulwark.kit.http;

import java.io.IOException;

/** A body that did not say how long it would be is longer than its path takes; answered with 413. */
final class BodyTooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param most bytes */
    BodyTooLarge(long most) {
        super(BodyLimit.tooLarge(most));
    }
}
