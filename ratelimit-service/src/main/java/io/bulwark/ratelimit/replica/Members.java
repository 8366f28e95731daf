package io.bulwark.ratelimit.replica;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/**
 * Who divides the small limits, as the topic says in its order: all replicas come to the same conclusion at the same offset.
 * One that joins has no share before each of the others has said that it has read so, and divided anew.
 */
final class Members {
    private static final long NEVER = -1;

    private final long self;
    private final long patience;
    private final TreeMap<Long, Member> members = new TreeMap<>();
    private long joinedAt = NEVER;
    private boolean active;

    private record Member(long heardAt, long read) {}

    Members(long self, Duration patience) {
        this.self = self;
        this.patience = patience.toNanos();
    }

    /**
     * Takes in a batch.
     *
     * @param heardAt nanoseconds, of the clock that does not run backwards
     * @return whether they are others now
     */
    boolean heard(UsageBatch batch, long offset, long heardAt) {
        var before = List.copyOf(members.keySet());
        if (batch.farewell()) {
            members.remove(batch.replica());
            active &= batch.replica() != self;
        } else {
            var known = members.put(batch.replica(), new Member(heardAt, batch.read()));
            if (batch.replica() == self && known != null && heardAt - known.heardAt() > patience / 4 * 3) {
                pardon(heardAt);
            }
            if (batch.replica() == self && joinedAt == NEVER) {
                joinedAt = offset;
            }
        }
        if (batch.gone() != 0) {
            members.remove(batch.gone());
            if (batch.gone() == self) {
                joinedAt = NEVER; // was silent for too long, and begins again
                active = false;
            }
        }
        active |= !batch.farewell() && joinedAt != NEVER && othersHaveRead(joinedAt);
        return !before.equals(List.copyOf(members.keySet()));
    }

    /** Whether this replica has a share. */
    boolean isActive() {
        return active;
    }

    int count() {
        return members.size();
    }

    /** Where this replica stands among them. */
    int position() {
        return members.headMap(self).size();
    }

    /**
     * One that has said nothing for too long; 0 for none. Time goes by what this replica hears of itself: where it was
     * stopped, or the topic was away, it has not listened either.
     */
    long silent() {
        var own = members.get(self);
        return own == null ? 0 : silent(own.heardAt());
    }

    private long silent(long now) {
        return members.entrySet().stream()
                .filter(member ->
                        member.getKey() != self && now - member.getValue().heardAt() > patience)
                .mapToLong(member -> member.getKey())
                .findFirst()
                .orElse(0);
    }

    /** What the others have said meanwhile stands behind what this one says in the topic, perhaps. */
    private void pardon(long now) {
        members.replaceAll((replica, member) -> new Member(now, member.read()));
    }

    private boolean othersHaveRead(long offset) {
        return members.entrySet().stream()
                .allMatch(member -> member.getKey() == self || member.getValue().read() > offset);
    }
}
