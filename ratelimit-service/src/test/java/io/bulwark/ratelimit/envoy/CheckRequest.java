package io.bulwark.ratelimit.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code CheckRequest} as Envoy 1.40.0 sent it, prefix included, and made by hand. */
final class CheckRequest {
    private CheckRequest() {}

    /**
     * What Envoy asked about {@code GET /} of a client on its own machine with {@code X-Forwarded-For: 198.18.0.37}, on a
     * route with {@code bulwark-endpoint: site}.
     */
    static byte[] ofEnvoy() throws IOException {
        try (InputStream file = CheckRequest.class.getResourceAsStream("/envoy/check-request-1.40.hex")) {
            return HexFormat.of().parseHex(new String(file.readAllBytes(), UTF_8).replace("\n", ""));
        }
    }

    /** Without the prefix. */
    static byte[] of(String peer, Map<String, String> headers, Map<String, String> extensions) {
        var source = Wire.message(out -> out.writeByteArray(
                1, Wire.message(address -> address.writeByteArray(1, Wire.message(s -> s.writeString(2, peer))))));
        var http = Wire.message(out -> {
            for (var header : headers.entrySet()) {
                out.writeByteArray(3, entry(header.getKey(), header.getValue()));
            }
        });
        return request(source, http, extensions);
    }

    /** As Envoy sends it where it is told {@code encode_raw_headers}: lines, not a map. */
    static byte[] ofLines(String... namesAndValues) {
        var map = Wire.message(out -> {
            for (var i = 0; i < namesAndValues.length; i += 2) {
                var name = namesAndValues[i];
                var value = namesAndValues[i + 1].getBytes(ISO_8859_1);
                out.writeByteArray(1, Wire.message(line -> {
                    line.writeString(1, name);
                    line.writeByteArray(3, value);
                }));
            }
        });
        return request(new byte[0], Wire.message(http -> http.writeByteArray(13, map)), new LinkedHashMap<>());
    }

    private static byte[] request(byte[] source, byte[] http, Map<String, String> extensions) {
        var attributes = Wire.message(out -> {
            out.writeByteArray(1, source);
            out.writeByteArray(4, Wire.message(request -> request.writeByteArray(2, http)));
            for (var extension : extensions.entrySet()) {
                out.writeByteArray(10, entry(extension.getKey(), extension.getValue()));
            }
        });
        return Wire.message(out -> out.writeByteArray(1, attributes));
    }

    private static byte[] entry(String key, String value) {
        return Wire.message(out -> {
            out.writeString(1, key);
            out.writeString(2, value);
        });
    }
}
