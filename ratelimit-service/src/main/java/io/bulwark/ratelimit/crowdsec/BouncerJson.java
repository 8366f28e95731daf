package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The JSON that bouncers read, byte for byte: no blank, no newline, {@code null} where a list is empty. */
final class BouncerJson {
    private static final byte[] NULL = "null".getBytes(UTF_8);
    private static final byte[] NEW = "{\"new\":".getBytes(UTF_8);
    private static final byte[] DELETED = ",\"deleted\":".getBytes(UTF_8);

    private static final int PIECE = 1 << 16;

    private final long now;
    private final @Nullable Consumer<Buffer> pieces;
    private Buffer json;
    private boolean empty = true;

    private BouncerJson(int bytes, long now, @Nullable Consumer<Buffer> pieces) {
        this.json = Buffer.buffer(Math.min(bytes, PIECE + BouncerDecision.USUAL_BYTES));
        this.now = now;
        this.pieces = pieces;
    }

    /** Those in force, for {@code GET /v1/decisions}. */
    static Buffer decisions(Ledger ledger, Filter filter, long now) {
        return decisions(ledger, filter, now, null);
    }

    /**
     * The same, in pieces.
     *
     * @param pieces is given all but the last, which is returned; null for one that is everything
     */
    static Buffer decisions(Ledger ledger, Filter filter, long now, @Nullable Consumer<Buffer> pieces) {
        var answers = new BouncerJson(BouncerDecision.USUAL_BYTES, now, pieces);
        var inForce = new InForce(ledger, filter, now);
        var network = filter.network();
        if (network == null || filter.within()) {
            inForce.forEach(answers::add);
        } else {
            inForce.around(network).forEach(answers::add);
        }
        return answers.end();
    }

    /** Everything, for {@code GET /v1/decisions/stream} of a bouncer that starts. */
    static Buffer whole(Ledger ledger, Filter filter, long now) {
        return stream(ledger, Bouncers.NOWHERE, now, filter, now);
    }

    /**
     * What is new since a place in the ledger, and once more since {@code lately}, and what has ended or is none any more that
     * the filter accepts. Where something else stands for the addresses of that, it is new.
     */
    static Buffer stream(Ledger ledger, long position, long lately, Filter filter, long now) {
        return stream(ledger, position, lately, filter, now, null);
    }

    /** The same, in pieces. */
    static Buffer stream(
            Ledger ledger, long position, long lately, Filter filter, long now, @Nullable Consumer<Buffer> pieces) {
        var size = ledger.changes(position, lately, PIECE / BouncerDecision.USUAL_BYTES);
        var answers = new BouncerJson((size + 2) * BouncerDecision.USUAL_BYTES, now, pieces);
        answers.json.appendBytes(NEW);
        var inForce = new InForce(ledger, filter, now);
        var ended = new ArrayList<BouncerDecision>();
        var told = new HashSet<Key>();
        var isShared = ledger.isShared();
        for (var decision : position == Bouncers.NOWHERE ? ledger.all() : ledger.after(position, lately)) {
            var terms = decision.termsFor(filter);
            if (terms != null) {
                for (var key : decision.handedOut()) {
                    if (filter.accepts(key) && (!isShared || told.add(key))) {
                        var standing = inForce.of(key);
                        if (standing == null) {
                            ended.add(ledger.over(decision, key, terms, now));
                        } else {
                            answers.add(standing);
                        }
                    }
                }
            }
        }
        for (var list : ledger.subscriptions()) {
            if (filter.accepts(list.terms())) {
                for (var network : list.changed(position, lately)) {
                    var key = Key.of(network);
                    if (filter.accepts(key) && told.add(key)) {
                        var standing = inForce.of(key);
                        if (standing == null) {
                            ended.add(ledger.part(key, list.terms(), now));
                        } else {
                            answers.add(standing);
                        }
                    }
                }
            }
        }
        answers.end().appendBytes(DELETED);
        ended.forEach(answers::add);
        return answers.end().appendByte((byte) '}');
    }

    private void add(BouncerDecision decision) {
        json.appendByte((byte) (empty ? '[' : ','));
        decision.writeTo(json, now);
        empty = false;
        if (pieces != null && json.length() >= PIECE) {
            pieces.accept(json);
            json = Buffer.buffer(PIECE + BouncerDecision.USUAL_BYTES);
        }
    }

    /** Ends the list. */
    private Buffer end() {
        if (empty) {
            json.appendBytes(NULL);
        } else {
            json.appendByte((byte) ']');
        }
        empty = true;
        return json;
    }
}
