package io.bulwark.ratelimit.replica;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What has been taken in of each replica, so that nothing is twice. */
final class Peers {
    private static final long REMEMBERED = Duration.ofHours(1).toNanos();

    private final Map<Long, Peer> peers = new HashMap<>();

    private record Peer(long sequence, long heardAt) {}

    /** False where it has been taken in before. */
    boolean isNew(UsageBatch batch, long now) {
        var known = peers.get(batch.replica());
        if (known != null && known.sequence() >= batch.sequence()) {
            return false;
        }
        peers.put(batch.replica(), new Peer(batch.sequence(), now));
        peers.values().removeIf(peer -> now - peer.heardAt() > REMEMBERED);
        return true;
    }
}
