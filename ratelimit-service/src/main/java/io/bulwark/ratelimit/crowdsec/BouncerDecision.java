package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.hash.Sha256;
import io.bulwark.kit.net.Network;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision as bouncers see it. There may be hundreds of thousands: of its JSON only what many share is kept. */
final class BouncerDecision {
    /** Of one decision with an IPv6 range and a scenario of usual length. */
    static final int USUAL_BYTES = 192;

    private static final byte[] DURATION = "{\"duration\":\"".getBytes(UTF_8);
    private static final byte[] ID = "\",\"id\":".getBytes(UTF_8);
    private static final int UNUSED_BITS = 11;

    private final Key key;
    private final Terms terms;
    private final List<Former> former;
    private final long until;
    private final long version;
    private final long position;
    private final long changedAt;
    private final long id;
    private final @Nullable Cut cut;

    /** Of a network, or of what the scope names otherwise. */
    record Key(
            DecisionScope scope,
            @Nullable String name,
            @Nullable Network network) {
        static Key of(Network target) {
            return new Key(target.isAddress() ? DecisionScope.IP : DecisionScope.RANGE, null, target);
        }

        /** Without anything that JSON would escape. */
        String value() {
            return name == null ? String.valueOf(network) : name;
        }
    }

    /**
     * How a block is handed out that the allowlist serves somebody in, or did.
     *
     * @param parts in its stead
     * @param former what was handed out of it earlier and is not any more
     */
    record Cut(Entries parts, List<Network> former) {
        /** @param before null where it was whole */
        static Cut of(List<Network> left, @Nullable Cut before) {
            var parts = Entries.of(left);
            var former = new ArrayList<Network>();
            if (before != null) {
                former.addAll(before.former());
                former.addAll(before.parts().networks());
                former.removeIf(parts::contains);
            }
            return new Cut(parts, former.stream().distinct().toList());
        }

        static boolean isSame(@Nullable Cut one, @Nullable Cut other) {
            return one == null ? other == null : other != null && one.parts.isSame(other.parts);
        }

        boolean wasHandedOut() {
            return !parts.isEmpty() || !former.isEmpty();
        }
    }

    /**
     * Under which bouncers may have been told of it whose filter accepts these and not the present ones.
     *
     * @param replacedAt in milliseconds by this replica's clock
     */
    record Former(Terms terms, long replacedAt) {}

    /**
     * @param former oldest first, without the present ones
     * @param until in milliseconds
     * @param position where it stands in the ledger's log
     * @param changedAt in milliseconds by this replica's clock; 0 where it is no news
     * @param cut null where it is handed out whole
     */
    BouncerDecision(
            String application,
            Key key,
            Terms terms,
            List<Former> former,
            long until,
            long version,
            long position,
            long changedAt,
            @Nullable Cut cut) {
        this.key = key;
        this.terms = terms;
        this.former = former;
        this.until = until;
        this.version = version;
        this.position = position;
        this.changedAt = changedAt;
        this.cut = cut;
        this.id = id(application, key);
    }

    /** The same at another place of the log, and handed out so. */
    BouncerDecision cutAs(String application, @Nullable Cut handedOut, long at, long now) {
        return new BouncerDecision(application, key, terms, former, until, version, at, now, handedOut);
    }

    /** The same without the terms that it had no more before, and handed out so. */
    BouncerDecision forgetting(String application, long before, @Nullable Cut handedOut) {
        var kept = former.stream()
                .filter(earlier -> earlier.replacedAt() >= before)
                .toList();
        return new BouncerDecision(application, key, terms, kept, until, version, position, changedAt, handedOut);
    }

    Key key() {
        return key;
    }

    Terms terms() {
        return terms;
    }

    List<Former> former() {
        return former;
    }

    /** Its former terms once it has these. */
    List<Former> formerOnce(Terms next, long now) {
        if (next.equals(terms)) {
            return former;
        }
        var earlier = new ArrayList<>(former);
        earlier.add(new Former(terms, now));
        earlier.removeIf(one -> one.terms().equals(next));
        return List.copyOf(earlier);
    }

    /** Of its terms the last that the filter accepts, the present ones first; null where it never accepted any. */
    @Nullable
    Terms termsFor(Filter filter) {
        if (filter.accepts(terms)) {
            return terms;
        }
        for (var earlier : former.reversed()) {
            if (filter.accepts(earlier.terms())) {
                return earlier.terms();
            }
        }
        return null;
    }

    long until() {
        return until;
    }

    long version() {
        return version;
    }

    long position() {
        return position;
    }

    long changedAt() {
        return changedAt;
    }

    long id() {
        return id;
    }

    @Nullable
    Cut cut() {
        return cut;
    }

    boolean isActive(long now) {
        return until > now;
    }

    /** Whether this is handed out of it: itself, or a part. */
    boolean isHandedOutAs(Key other) {
        var network = other.network();
        return cut == null || network == null ? key.equals(other) : cut.parts().contains(network);
    }

    /** Parts of it that are handed out and that the whole network is part of; itself where it is whole. */
    List<Key> handedOutAround(Network network) {
        return cut == null
                ? List.of(key)
                : cut.parts().around(network).stream().map(Key::of).toList();
    }

    /** Itself, and everything that is or was handed out of it. */
    List<Key> handedOut() {
        if (cut == null) {
            return List.of(key);
        }
        var keys = new ArrayList<Key>();
        keys.add(key);
        cut.parts().networks().forEach(part -> keys.add(Key.of(part)));
        cut.former().forEach(part -> keys.add(Key.of(part)));
        return keys;
    }

    /** How many those are. */
    int mostTold() {
        return cut == null ? 1 : 1 + cut.parts().size() + cut.former().size();
    }

    void writeTo(Buffer json, long now) {
        json.appendBytes(DURATION);
        GoDuration.write(json, isActive(now) ? Math.ceilDiv(until - now, 1_000) : Math.min(-1, (until - now) / 1_000));
        json.appendBytes(ID).appendString(Long.toString(id)).appendBytes(terms.json());
        json.appendString(
                key.scope().canonical + "\",\"type\":\"" + terms.type() + "\",\"value\":\"" + key.value() + "\"}");
    }

    /** The same on every replica and for every renewal, and an integer that JavaScript can hold. */
    private static long id(String application, Key key) {
        var text = application + ' ' + key.scope().canonical + ' ' + key.value();
        return ByteBuffer.wrap(Sha256.of(text.getBytes(UTF_8))).getLong() >>> UNUSED_BITS;
    }
}
