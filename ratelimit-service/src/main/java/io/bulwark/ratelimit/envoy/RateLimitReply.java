package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedOutputStream;
import io.bulwark.kit.problem.ProblemBody;
import io.bulwark.ratelimit.decision.Refusal;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.ratelimit.v3.RateLimitResponse}.
 *
 * @param statuses one per descriptor, in their order
 * @param headers to add to the answer that the client gets; ASCII
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

        /** As field 2 of the reply. */
        void write(CodedOutputStream out) throws IOException {
            Wire.begin(out, 2, size());
            out.writeEnum(1, over ? OVER_LIMIT : OK);
            if (limit != null) {
                Wire.begin(out, 2, limit.size());
                limit.write(out);
            }
            if (remaining != 0) {
                out.writeUInt32(3, (int) remaining);
            }
            if (resetSeconds >= 0) {
                Wire.begin(out, 4, CodedOutputStream.computeInt64Size(1, resetSeconds));
                out.writeInt64(1, resetSeconds);
            }
        }

        private int size() {
            var size = CodedOutputStream.computeEnumSize(1, over ? OVER_LIMIT : OK);
            if (limit != null) {
                size += Wire.nestedSize(2, limit.size());
            }
            if (remaining != 0) {
                size += CodedOutputStream.computeUInt32Size(3, (int) remaining);
            }
            return resetSeconds < 0
                    ? size
                    : size + Wire.nestedSize(4, CodedOutputStream.computeInt64Size(1, resetSeconds));
        }
    }

    /** @param unit as on the wire */
    record Current(long requestsPerUnit, int unit, String name) {
        private void write(CodedOutputStream out) throws IOException {
            out.writeUInt32(1, (int) requestsPerUnit);
            out.writeEnum(2, unit);
            if (!name.isEmpty()) {
                out.writeString(3, name);
            }
        }

        private int size() {
            return CodedOutputStream.computeUInt32Size(1, (int) requestsPerUnit)
                    + CodedOutputStream.computeEnumSize(2, unit)
                    + (name.isEmpty() ? 0 : CodedOutputStream.computeStringSize(3, name));
        }
    }

    /** A refusal: the client is told what one that asks about the request itself would be told. */
    static RateLimitReply refused(List<Status> statuses, Refusal refusal) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("content-type", ProblemBody.MEDIA_TYPE);
        headers.put("cache-control", "no-store");
        refusal.write(new LowerCaseFields(headers));
        return new RateLimitReply(true, statuses, headers, refusal.body().getBytes());
    }

    byte[] bytes() {
        return Wire.message(size(), out -> {
            out.writeEnum(1, over ? OVER_LIMIT : OK);
            for (var status : statuses) {
                status.write(out);
            }
            for (var header : headers.entrySet()) {
                Wire.begin(out, 3, size(header));
                Wire.writeAscii(out, 1, header.getKey());
                Wire.writeAscii(out, 2, header.getValue());
            }
            if (body != null) {
                out.writeByteArray(5, body);
            }
        });
    }

    private int size() {
        var size = CodedOutputStream.computeEnumSize(1, over ? OVER_LIMIT : OK);
        for (var status : statuses) {
            size += Wire.nestedSize(2, status.size());
        }
        for (var header : headers.entrySet()) {
            size += Wire.nestedSize(3, size(header));
        }
        return body == null ? size : size + CodedOutputStream.computeByteArraySize(5, body);
    }

    private static int size(Map.Entry<String, String> header) {
        return Wire.nestedSize(1, header.getKey().length())
                + Wire.nestedSize(2, header.getValue().length());
    }
}
