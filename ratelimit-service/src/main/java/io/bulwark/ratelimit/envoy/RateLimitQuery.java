package io.bulwark.ratelimit.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.bulwark.kit.net.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.ratelimit.v3.RateLimitRequest}, read from the wire. What is unknown is passed over.
 *
 * @param hitsAddend what each descriptor costs that does not say; 0 where the request does not say either
 */
record RateLimitQuery(String domain, List<Descriptor> descriptors, long hitsAddend) {
    private static final int DOMAIN = 1;
    private static final int DESCRIPTORS = 2;
    private static final int HITS_ADDEND = 3;

    /** @param hitsAddend null where it does not say; a number above any other for one above 2^63 */
    record Descriptor(
            List<Entry> entries,
            @Nullable OwnLimit limit,
            @Nullable Long hitsAddend) {
        static Descriptor read(CodedInputStream in) throws IOException {
            var entries = new ArrayList<Entry>();
            @Nullable OwnLimit limit = null;
            @Nullable Long hits = null;
            for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> entries.add(Wire.nested(in, tag, Entry::read));
                    case 2 -> limit = Wire.nested(in, tag, OwnLimit::read);
                    case 3 -> hits = Wire.nested(in, tag, Descriptor::uint64Value);
                    default -> in.skipField(tag);
                }
            }
            return new Descriptor(entries, limit, hits);
        }

        /** The first entry that is a client's own address; null where none is. */
        @Nullable
        Entry address() {
            for (var entry : entries) {
                if (entry.isRemote() && entry.client().isAddress()) {
                    return entry;
                }
            }
            return null;
        }

        private static Long uint64Value(CodedInputStream in) throws IOException {
            var value = 0L;
            for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == 1 && Wire.isVarint(tag)) {
                    value = in.readUInt64();
                } else {
                    in.skipField(tag);
                }
            }
            return value < 0 ? Long.MAX_VALUE : value;
        }
    }

    /**
     * One of the descriptor's.
     *
     * @param client whom it names, or the network that it does; null where it names nobody
     */
    record Entry(String key, String value, @Nullable Network client) {
        private static final String REMOTE_ADDRESS = "remote_address";
        private static final String MASKED_REMOTE_ADDRESS = "masked_remote_address";

        Entry(String key, String value) {
            this(key, value, client(key, value));
        }

        /** As Envoy tells of a request's address. */
        static Entry remote(Network client) {
            return new Entry(REMOTE_ADDRESS, client.toString(), client);
        }

        private static @Nullable Network client(String key, String value) {
            if (!key.equals(REMOTE_ADDRESS) && !key.equals(MASKED_REMOTE_ADDRESS)) {
                return null;
            }
            try {
                return Network.parse(value);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        /** Whether it names whom the request comes from. */
        boolean isRemote() {
            return client != null && key.equals(REMOTE_ADDRESS);
        }

        /** What its counts are kept by: whoever has an IPv6 address has 2^64 of them, and they count as one. */
        String counted() {
            return isRemote() && value.indexOf(':') >= 0
                    ? client.clientNetwork().toString()
                    : value;
        }

        /** Without the client, who follows from the value: their hashes differ in step, and took each other away. */
        @Override
        public int hashCode() {
            return 31 * key.hashCode() + value.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entry entry && key.equals(entry.key) && value.equals(entry.value);
        }

        static Entry read(CodedInputStream in) throws IOException {
            var key = "";
            var value = "";
            for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> key = Wire.text(in, tag);
                    case 2 -> value = Wire.anyText(in, tag);
                    default -> in.skipField(tag);
                }
            }
            return new Entry(key, value);
        }
    }

    /** The limit that the gateway wants instead of the configured one; {@code unit} as on the wire. */
    record OwnLimit(long requestsPerUnit, int unit) {
        static OwnLimit read(CodedInputStream in) throws IOException {
            var requests = 0L;
            var unit = 0;
            for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (!Wire.isVarint(tag)) {
                    in.skipField(tag);
                } else if (WireFormat.getTagFieldNumber(tag) == 1) {
                    requests = Integer.toUnsignedLong(in.readUInt32());
                } else if (WireFormat.getTagFieldNumber(tag) == 2) {
                    unit = in.readEnum();
                } else {
                    in.skipField(tag);
                }
            }
            return new OwnLimit(requests, unit);
        }
    }

    /** @throws IOException where the bytes are no such message */
    static RateLimitQuery read(byte[] bytes, int from, int length) throws IOException {
        var in = CodedInputStream.newInstance(bytes, from, length);
        var domain = "";
        var descriptors = new ArrayList<Descriptor>();
        var hits = 0L;
        for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case DOMAIN -> domain = Wire.text(in, tag);
                case DESCRIPTORS -> descriptors.add(Wire.nested(in, tag, Descriptor::read));
                case HITS_ADDEND -> {
                    if (!Wire.isVarint(tag)) {
                        throw Wire.wrongType();
                    }
                    hits = Integer.toUnsignedLong(in.readUInt32());
                }
                default -> in.skipField(tag);
            }
        }
        in.checkLastTagWas(0);
        return new RateLimitQuery(domain, descriptors, hits);
    }

    /** The address that a request comes from, as its first descriptor says that names one; null where none does. */
    @Nullable
    Network client() {
        for (var descriptor : descriptors) {
            var address = descriptor.address();
            if (address != null) {
                return address.client();
            }
        }
        return null;
    }

    /** What a descriptor costs: at least 1, unless it says itself that it only looks. */
    long cost(Descriptor descriptor) {
        var own = descriptor.hitsAddend();
        return own == null ? Math.max(1, hitsAddend) : own;
    }
}
