package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.ratelimit.v3.RateLimitResponse}.
 *
 * @param statuses one per descriptor, in their order
 * @param headers to add to the answer that the client gets
 * @param body of that answer; null where it is the gateway's to say
 */
record RateLimitReply(boolean over, List<Status> statuses, Map<String, String> headers, byte @Nullable [] body) {
    private static final int OK = 1;
    private static final int OVER_LIMIT = 2;

    /** @param remaining an unsigned 32-bit number; @param resetSeconds negative where nothing is to be said */
    record Status(boolean over, @Nullable Current limit, long remaining, long resetSeconds) {
        /** No rule is for this descriptor. */
        static final Status UNRULED = new Status(false, null, 0, -1);

        /** The rule says that it has no limit. */
        static final Status UNLIMITED = new Status(false, null, 0xFFFF_FFFFL, -1);
    }

    /** @param unit as on the wire */
    record Current(long requestsPerUnit, int unit, String name) {}

    byte[] bytes() {
        return Wire.message(out -> {
            out.writeEnum(1, over ? OVER_LIMIT : OK);
            for (var status : statuses) {
                out.writeByteArray(2, Wire.message(to -> write(to, status)));
            }
            for (var header : headers.entrySet()) {
                out.writeByteArray(3, Wire.message(to -> {
                    to.writeString(1, header.getKey());
                    to.writeString(2, header.getValue());
                }));
            }
            if (body != null) {
                out.writeByteArray(5, body);
            }
        });
    }

    private static void write(CodedOutputStream out, Status status) throws IOException {
        out.writeEnum(1, status.over() ? OVER_LIMIT : OK);
        var limit = status.limit();
        if (limit != null) {
            out.writeByteArray(2, Wire.message(to -> {
                to.writeUInt32(1, (int) limit.requestsPerUnit());
                to.writeEnum(2, limit.unit());
                if (!limit.name().isEmpty()) {
                    to.writeString(3, limit.name());
                }
            }));
        }
        if (status.remaining() != 0) {
            out.writeUInt32(3, (int) status.remaining());
        }
        if (status.resetSeconds() >= 0) {
            out.writeByteArray(4, Wire.message(to -> to.writeInt64(1, status.resetSeconds())));
        }
    }
}
