package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.decision.Refusal;
import io.bulwark.ratelimit.decision.ResponseFields;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.ratelimit.v3.RateLimitResponse}.
 *
 * @param statuses one per descriptor, in their order
 * @param refusal what the client is told, as one that asks about the request itself would tell it; null where it is served
 */
record RateLimitReply(List<Status> statuses, @Nullable Refusal refusal) {
    private static final int OK = 1;
    private static final int OVER_LIMIT = 2;

    /** Bytes: one status, and a problem and its fields. */
    private static final int EXPECTED = 64;

    private static final int EXPECTED_REFUSAL = 768;

    private static final byte[] PROBLEM_FIELDS = problemFields();

    /** @param remaining an unsigned 32-bit number; @param resetSeconds negative where nothing is to be said */
    record Status(boolean over, @Nullable Current limit, long remaining, long resetSeconds) {
        /** No rule is for this descriptor. */
        static final Status UNRULED = new Status(false, null, 0, -1);

        /** The rule says that it has no limit. */
        static final Status UNLIMITED = new Status(false, null, 0xFFFF_FFFFL, -1);

        private void write(MessageWriter out) {
            out.number(1, over ? OVER_LIMIT : OK);
            if (limit != null) {
                var current = out.begin(2);
                limit.write(out);
                out.end(current);
            }
            if (remaining != 0) {
                out.number(3, remaining);
            }
            if (resetSeconds >= 0) {
                var duration = out.begin(4);
                out.number(1, resetSeconds).end(duration);
            }
        }
    }

    /** @param unit as on the wire */
    record Current(long requestsPerUnit, int unit, String name) {
        private void write(MessageWriter out) {
            out.number(1, requestsPerUnit).number(2, unit);
            if (!name.isEmpty()) {
                out.text(3, name);
            }
        }
    }

    boolean over() {
        return refusal != null;
    }

    /** What the answer that the client gets is to have, names in lower case. */
    Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        if (refusal != null) {
            ResponseFields fields =
                    (name, value) -> headers.put(name.toString().toLowerCase(Locale.ROOT), value.toString());
            ProblemFields.write(fields);
            refusal.write(fields);
        }
        return headers;
    }

    /** As a frame of gRPC. */
    Buffer framed() {
        var out = new MessageWriter(over() ? EXPECTED_REFUSAL : EXPECTED);
        out.number(1, over() ? OVER_LIMIT : OK);
        for (var status : statuses) {
            var begun = out.begin(2);
            status.write(out);
            out.end(begun);
        }
        if (refusal != null) {
            out.fields(PROBLEM_FIELDS);
            refusal.write((name, value) -> out.header(3, name, value));
            out.bytes(5, refusal.body());
        }
        return out.framed();
    }

    private static byte[] problemFields() {
        var out = new MessageWriter();
        ProblemFields.write((name, value) -> out.header(3, name, value));
        return out.toBytes();
    }
}
