package io.bulwark.kit.http;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads of a body no more than {@link BodyLimit} lets its path take, for what says nothing of its length (chunked). */
@Provider
class BoundedBody implements ReaderInterceptor {
    private final BodyLimit limit;
    private final CurrentVertxRequest request;

    BoundedBody(BodyLimit limit, CurrentVertxRequest request) {
        this.limit = limit;
        this.request = request;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        context.setInputStream(new Bounded(context.getInputStream(), limit.most(request.getCurrent())));
        return context.proceed();
    }

    private static final class Bounded extends FilterInputStream {
        private final long most;
        private long count;

        Bounded(InputStream body, long most) {
            super(body);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            counted(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            counted(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = in.skip(bytes);
            counted(skipped);
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        private void counted(long bytes) throws BodyTooLarge {
            count += bytes;
            if (count > most) {
                throw new BodyTooLarge(most);
            }
        }
    }
}
