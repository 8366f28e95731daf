package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.Collection;

/** The JSON that bouncers read, byte for byte: no blank, no newline, {@code null} where a list is empty. */
final class Answers {
    private static final byte[] NULL = "null".getBytes(UTF_8);
    private static final byte[] NEW = "{\"new\":".getBytes(UTF_8);
    private static final byte[] DELETED = ",\"deleted\":".getBytes(UTF_8);

    private Answers() {}

    /** Those in force, for {@code GET /v1/decisions}. */
    static Buffer decisions(Ledger ledger, Filter filter, long now) {
        var json = Buffer.buffer(Decision.USUAL_BYTES);
        write(json, candidates(ledger, filter), filter, now, true);
        return json;
    }

    /** What is new and what has ended, for {@code GET /v1/decisions/stream}. */
    static Buffer stream(Collection<Decision> changes, int usually, Filter filter, long now) {
        var json = Buffer.buffer(2 * Decision.USUAL_BYTES + usually * Decision.USUAL_BYTES);
        json.appendBytes(NEW);
        write(json, changes, filter, now, true);
        json.appendBytes(DELETED);
        write(json, changes, filter, now, false);
        return json.appendByte((byte) '}');
    }

    private static Collection<Decision> candidates(Ledger ledger, Filter filter) {
        var network = filter.network();
        return network == null || filter.within() ? ledger.all() : ledger.containing(network);
    }

    private static void write(Buffer json, Collection<Decision> decisions, Filter filter, long now, boolean active) {
        var empty = true;
        for (var decision : decisions) {
            if (decision.isActive(now) == active && filter.accepts(decision)) {
                json.appendByte((byte) (empty ? '[' : ','));
                decision.writeTo(json, now);
                empty = false;
            }
        }
        if (empty) {
            json.appendBytes(NULL);
        } else {
            json.appendByte((byte) ']');
        }
    }
}
