package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.service.auth.v3.CheckRequest}, as far as a decision needs it. What is unknown is passed over. */
final class AuthorizationQuery {
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, String> extensions = new HashMap<>();
    private String peer = "";

    private AuthorizationQuery() {}

    private interface Message {
        void read(int field, int tag, CodedInputStream in) throws IOException;
    }

    /** @throws IOException where the bytes are no such message */
    static AuthorizationQuery read(byte[] bytes, int from, int length) throws IOException {
        var query = new AuthorizationQuery();
        var in = CodedInputStream.newInstance(bytes, from, length);
        fields(in, (field, tag, request) -> {
            if (field == 1) {
                inside(request, tag, query::attributes);
            } else {
                request.skipField(tag);
            }
        });
        in.checkLastTagWas(0);
        return query;
    }

    /** Whoever is connected to Envoy; empty where it is nobody with an IP address. */
    String peer() {
        return peer;
    }

    /** What Envoy's configuration says of the route; null where it does not say. */
    @Nullable
    String extension(String name) {
        return extensions.get(name);
    }

    /** The header's lines, joined by commas; null where there is none. */
    @Nullable
    String header(CharSequence name) {
        return headers.get(name.toString().toLowerCase(Locale.ROOT));
    }

    /** As {@link #header}, empty where there is none. */
    List<String> lines(CharSequence name) {
        var value = header(name);
        return value == null ? List.of() : List.of(value);
    }

    private void attributes(int field, int tag, CodedInputStream in) throws IOException {
        switch (field) {
            case 1 -> inside(in, tag, this::source);
            case 4 -> inside(in, tag, this::request);
            case 10 -> entry(in, tag, extensions, 2);
            default -> in.skipField(tag);
        }
    }

    private void source(int field, int tag, CodedInputStream in) throws IOException {
        if (field == 1) {
            inside(in, tag, this::address);
        } else {
            in.skipField(tag);
        }
    }

    private void address(int field, int tag, CodedInputStream in) throws IOException {
        if (field == 1) {
            inside(in, tag, this::socketAddress);
        } else {
            in.skipField(tag);
        }
    }

    private void socketAddress(int field, int tag, CodedInputStream in) throws IOException {
        if (field == 2) {
            peer = Wire.text(in, tag);
        } else {
            in.skipField(tag);
        }
    }

    private void request(int field, int tag, CodedInputStream in) throws IOException {
        if (field == 2) {
            inside(in, tag, this::httpRequest);
        } else {
            in.skipField(tag);
        }
    }

    private void httpRequest(int field, int tag, CodedInputStream in) throws IOException {
        switch (field) {
            case 3 -> entry(in, tag, headers, 2);
            case 13 -> inside(in, tag, this::headerMap);
            default -> in.skipField(tag);
        }
    }

    /** Instead of the other headers where Envoy is told {@code encode_raw_headers}: every line, and as bytes. */
    private void headerMap(int field, int tag, CodedInputStream in) throws IOException {
        if (field == 1) {
            entry(in, tag, headers, 3);
        } else {
            in.skipField(tag);
        }
    }

    private static void entry(CodedInputStream in, int tag, Map<String, String> into, int alsoValue)
            throws IOException {
        var read = new String[] {"", ""};
        inside(in, tag, (field, part, entry) -> {
            if (field == 1) {
                read[0] = Wire.anyText(entry, part);
            } else if (field == 2 || field == alsoValue) {
                read[1] = Wire.anyText(entry, part);
            } else {
                entry.skipField(part);
            }
        });
        into.merge(read[0].toLowerCase(Locale.ROOT), read[1], (earlier, later) -> earlier + ", " + later);
    }

    private static void inside(CodedInputStream in, int tag, Message message) throws IOException {
        Wire.nested(in, tag, nested -> {
            fields(nested, message);
            return message;
        });
    }

    private static void fields(CodedInputStream in, Message message) throws IOException {
        for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
            message.read(WireFormat.getTagFieldNumber(tag), tag, in);
        }
    }
}
