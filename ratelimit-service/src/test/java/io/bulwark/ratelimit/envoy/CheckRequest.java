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
        var socketAddress = new MessageWriter().text(2, peer).toBytes();
        var address = new MessageWriter().bytes(1, socketAddress).toBytes();
        var http = new MessageWriter();
        headers.forEach((name, value) -> http.bytes(3, entry(name, value)));
        return request(new MessageWriter().bytes(1, address).toBytes(), http.toBytes(), extensions);
    }

    /** As Envoy sends it where it is told {@code encode_raw_headers}: lines, not a map. */
    static byte[] ofLines(String... namesAndValues) {
        var map = new MessageWriter();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            var line =
                    new MessageWriter().text(1, namesAndValues[i]).bytes(3, namesAndValues[i + 1].getBytes(ISO_8859_1));
            map.bytes(1, line.toBytes());
        }
        return request(new byte[0], new MessageWriter().bytes(13, map.toBytes()).toBytes(), new LinkedHashMap<>());
    }

    private static byte[] request(byte[] source, byte[] http, Map<String, String> extensions) {
        var attributes = new MessageWriter()
                .bytes(1, source)
                .bytes(4, new MessageWriter().bytes(2, http).toBytes());
        extensions.forEach((name, value) -> attributes.bytes(10, entry(name, value)));
        return new MessageWriter().bytes(1, attributes.toBytes()).toBytes();
    }

    private static byte[] entry(String key, String value) {
        return new MessageWriter().text(1, key).text(2, value).toBytes();
    }
}
