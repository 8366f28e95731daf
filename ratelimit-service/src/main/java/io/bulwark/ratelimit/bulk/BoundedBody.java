package io.bulwark.ratelimit.bulk;

import io.bulwark.kit.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body whose length its sender did not say, up to a number of bytes. */
final class BoundedBody extends FilterInputStream {
    private final long most;
    private long left;

    BoundedBody(InputStream body, long most) {
        super(body);
        this.most = most;
        this.left = most;
    }

    @Override
    public int read() throws IOException {
        var value = in.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        var read = in.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int read) {
        left -= read;
        if (left < 0) {
            throw new Problem(413, "too-large", "An import is at most " + most + " bytes long; nothing is placed");
        }
    }
}
