package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Map;

/** {@code envoy.service.auth.v3.CheckResponse}. */
final class AuthorizationReply {
    private static final int INVALID_ARGUMENT = 3;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;

    private static final int OVERWRITE_IF_EXISTS_OR_ADD = 2;

    private AuthorizationReply() {}

    /**
     * @param toApplication headers that the application gets
     * @param toClient headers that the client gets
     */
    static byte[] allowed(Map<String, String> toApplication, Map<String, String> toClient) {
        return Wire.message(out -> {
            out.writeByteArray(1, new byte[0]); // google.rpc.Status: OK
            out.writeByteArray(3, Wire.message(ok -> {
                headers(ok, 2, toApplication);
                headers(ok, 6, toClient);
            }));
        });
    }

    /** @param status that the client gets */
    static byte[] denied(int status, Map<String, String> headers, byte[] body) {
        return Wire.message(out -> {
            out.writeByteArray(1, Wire.message(code -> code.writeInt32(1, code(status))));
            out.writeByteArray(2, Wire.message(denied -> {
                denied.writeByteArray(1, Wire.message(http -> http.writeEnum(1, status)));
                headers(denied, 2, headers);
                denied.writeByteArray(3, body);
            }));
        });
    }

    private static int code(int status) {
        return switch (status) {
            case 400 -> INVALID_ARGUMENT;
            case 429 -> RESOURCE_EXHAUSTED;
            default -> PERMISSION_DENIED;
        };
    }

    /** They replace what Envoy has: its own content type would stand beside ours. */
    private static void headers(CodedOutputStream out, int field, Map<String, String> headers) throws IOException {
        for (var header : headers.entrySet()) {
            out.writeByteArray(field, Wire.message(option -> {
                option.writeByteArray(1, Wire.message(value -> {
                    value.writeString(1, header.getKey());
                    value.writeString(2, header.getValue());
                }));
                option.writeEnum(3, OVERWRITE_IF_EXISTS_OR_ADD);
            }));
        }
    }
}
