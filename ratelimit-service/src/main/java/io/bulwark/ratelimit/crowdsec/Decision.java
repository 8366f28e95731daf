package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.net.Network;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** One decision as bouncers see it. All of its JSON but the duration, which every answer counts anew, is made once. */
final class Decision {
    /** Of one decision with an IPv6 range and a scenario of usual length. */
    static final int USUAL_BYTES = 192;

    private static final byte[] HEAD = "{\"duration\":\"".getBytes(UTF_8);
    private static final int UNUSED_BITS = 11;

    private final Key key;
    private final Terms terms;
    private final long until;
    private final long version;
    private final long position;
    private final long changedAt;
    private final long id;
    private final byte[] tail;

    /** @param network null where the scope is none of addresses */
    record Key(DecisionScope scope, String value, @Nullable Network network) {
        static Key of(Network target) {
            return new Key(target.isAddress() ? DecisionScope.IP : DecisionScope.RANGE, target.toString(), target);
        }
    }

    /** Why, and what is to be done. */
    record Terms(String origin, String scenario, String type) {}

    /**
     * @param until in milliseconds
     * @param position where it stands in the ledger's log
     * @param changedAt in milliseconds by this replica's clock; 0 where it is no news
     */
    Decision(String application, Key key, Terms terms, long until, long version, long position, long changedAt) {
        this.key = key;
        this.terms = terms;
        this.until = until;
        this.version = version;
        this.position = position;
        this.changedAt = changedAt;
        this.id = id(application, key);
        this.tail = ("\",\"id\":" + id + ",\"origin\":" + Json.encode(terms.origin()) + ",\"scenario\":"
                        + Json.encode(terms.scenario()) + ",\"scope\":\"" + key.scope().canonical + "\",\"type\":\""
                        + terms.type() + "\",\"value\":" + Json.encode(key.value()) + "}")
                .getBytes(UTF_8);
    }

    Key key() {
        return key;
    }

    Terms terms() {
        return terms;
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

    boolean isActive(long now) {
        return until > now;
    }

    void writeTo(Buffer json, long now) {
        json.appendBytes(HEAD);
        GoDuration.write(json, isActive(now) ? Math.ceilDiv(until - now, 1_000) : Math.min(-1, (until - now) / 1_000));
        json.appendBytes(tail);
    }

    /** The same on every replica and for every renewal, and an integer that JavaScript can hold. */
    private static long id(String application, Key key) {
        try {
            var text = application + ' ' + key.scope().canonical + ' ' + key.value();
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return ByteBuffer.wrap(hash).getLong() >>> UNUSED_BITS;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }
}
