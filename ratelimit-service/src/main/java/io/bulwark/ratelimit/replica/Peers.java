package io.bulwark.ratelimit.replica;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The other replicas, as far as they have been heard of. */
final class Peers {
    private static final long REMEMBERED = Duration.ofHours(1).toNanos();

    private final Map<Long, Peer> peers = new HashMap<>();
    private final long patience;

    private record Peer(long sequence, long heardAt, boolean gone) {}

    Peers(Duration patience) {
        this.patience = patience.toNanos();
    }

    /**
     * Notes a batch.
     *
     * @param heardAt nanoseconds, as {@link #alive} counts them
     * @return false where it has been taken in before
     */
    synchronized boolean heard(UsageBatch batch, long heardAt) {
        var known = peers.get(batch.replica());
        if (known != null && known.sequence() >= batch.sequence()) {
            return false;
        }
        peers.put(batch.replica(), new Peer(batch.sequence(), heardAt, batch.farewell()));
        peers.values().removeIf(peer -> heardAt - peer.heardAt() > REMEMBERED);
        return true;
    }

    /** How many live now. */
    synchronized int alive(long now) {
        return (int) peers.values().stream()
                .filter(peer -> !peer.gone() && now - peer.heardAt() < patience)
                .count();
    }
}
