package io.bulwark.ratelimit.geo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.net.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes small databases by the specification of the MaxMind DB file format, version 2.0: a binary tree of 24-bit records
 * over 128 bits, in which IPv4 lies below {@code ::/96}, or over the 32 of IPv4 alone; then the data, then what the file says
 * about itself.
 */
public final class MmdbFile {
    private static final int MAP = 7;
    private static final int TEXT = 2;
    private static final int UINT16 = 5;
    private static final int UINT32 = 6;
    private static final int UINT64 = 9;
    private static final int ARRAY = 11;
    private static final int LAST_SHORT_TYPE = 7;
    private static final int SEPARATOR = 16;
    private static final int RECORD_BITS = 24;
    private static final int V4_ROOT = 96;
    private static final byte[] METADATA = {
        (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
    };

    private final String type;
    private final int ipVersion;
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** No network of the tree. */
    private static final int EMPTY = -1;

    MmdbFile(String type) {
        this(type, 6);
    }

    /** @param ipVersion 4 for one that holds no IPv6 */
    MmdbFile(String type, int ipVersion) {
        this.type = type;
        this.ipVersion = ipVersion;
    }

    public static MmdbFile countries(Map<String, String> isoCodes) {
        var file = new MmdbFile("GeoLite2-Country");
        new TreeMap<>(isoCodes)
                .forEach((network, iso) -> file.add(
                        network,
                        Map.of(
                                "country",
                                Map.of("iso_code", iso, "names", Map.of("en", "somewhere")),
                                "continent",
                                Map.of())));
        return file;
    }

    public static MmdbFile systems(Map<String, Integer> numbers) {
        var file = new MmdbFile("GeoLite2-ASN");
        new TreeMap<>(numbers)
                .forEach((network, number) -> file.add(
                        network,
                        Map.of("autonomous_system_number", number, "autonomous_system_organization", "somebody")));
        return file;
    }

    /** @param network none that overlaps another of the file */
    MmdbFile add(String network, Object value) {
        var offset = data.size();
        write(data, value);
        var added = Network.parse(network);
        var bits = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(added.high())
                .putLong(added.isIpv6() ? added.low() : added.low() & 0xFFFF_FFFFL)
                .array();
        var length = added.isIpv6() ? added.prefixLength() : V4_ROOT + added.prefixLength();
        var node = 0;
        for (var depth = ipVersion == 4 ? V4_ROOT : 0; depth < length; depth++) {
            var bit = bits[depth / Byte.SIZE] >> (Byte.SIZE - 1 - depth % Byte.SIZE) & 1;
            if (depth == length - 1) {
                nodes.get(node)[bit] = -2 - offset;
            } else {
                if (nodes.get(node)[bit] == EMPTY) {
                    nodes.add(new int[] {EMPTY, EMPTY});
                    nodes.get(node)[bit] = nodes.size() - 1;
                }
                node = nodes.get(node)[bit];
            }
        }
        return this;
    }

    /** In one step, as an operator should replace it. */
    public void writeTo(Path path) throws IOException {
        var file = new ByteArrayOutputStream();
        for (var node : nodes) {
            for (var value : node) {
                var number = value == EMPTY ? nodes.size() : value < 0 ? nodes.size() + SEPARATOR - 2 - value : value;
                file.write(number >> 16);
                file.write(number >> 8);
                file.write(number);
            }
        }
        file.writeBytes(new byte[SEPARATOR]);
        file.writeBytes(data.toByteArray());
        file.writeBytes(METADATA);
        write(file, metadata());
        var fresh = Files.write(path.resolveSibling(path.getFileName() + ".new"), file.toByteArray());
        Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private Map<String, Object> metadata() {
        return new TreeMap<>(Map.of(
                "binary_format_major_version",
                (short) 2,
                "binary_format_minor_version",
                (short) 0,
                "build_epoch",
                1_795_000_000L,
                "database_type",
                type,
                "description",
                Map.of("en", "test"),
                "ip_version",
                (short) ipVersion,
                "languages",
                List.of("en"),
                "node_count",
                nodes.size(),
                "record_size",
                (short) RECORD_BITS));
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                control(out, MAP, map.size());
                map.forEach((key, entry) -> {
                    write(out, key);
                    write(out, entry);
                });
            }
            case List<?> list -> {
                control(out, ARRAY, list.size());
                list.forEach(entry -> write(out, entry));
            }
            case String text -> {
                var bytes = text.getBytes(UTF_8);
                control(out, TEXT, bytes.length);
                out.writeBytes(bytes);
            }
            case Short number -> number(out, UINT16, number, Short.BYTES);
            case Integer number -> number(out, UINT32, number, Integer.BYTES);
            case Long number -> number(out, UINT64, number, Long.BYTES);
            default -> throw new IllegalArgumentException("No type for " + value);
        }
    }

    private static void number(ByteArrayOutputStream out, int type, long number, int bytes) {
        control(out, type, bytes);
        out.write(ByteBuffer.allocate(Long.BYTES).putLong(number).array(), Long.BYTES - bytes, bytes);
    }

    /** For sizes up to 284. */
    private static void control(ByteArrayOutputStream out, int type, int size) {
        var said = Math.min(size, 29);
        if (type > LAST_SHORT_TYPE) {
            out.write(said);
            out.write(type - LAST_SHORT_TYPE);
        } else {
            out.write(type << 5 | said);
        }
        if (said == 29) {
            out.write(size - 29);
        }
    }
}
