package io.bulwark.ratelimit.replica;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/**
 * Who divides the small limits, as the topic says in its order: all replicas come to the same conclusion at the same offset.
 * Members agree once each has said that it has read of the last that came or went; one that joins has a share from then on.
 */
final class Members {
    private final long self;
    private final long patience;
    private final TreeMap<Long, Member> members = new TreeMap<>();
    private long changedAt;
    private boolean agreed;
    private boolean active;

    /** What a batch says of them. */
    enum News {
        /** They are as they were. */
        NONE,
        /** They are others now, and have not agreed on it. */
        CHANGED,
        /** All have read of the last change. */
        AGREED
    }

    private record Member(long heardAt, long read) {}

    Members(long self, Duration patience) {
        this.self = self;
        this.patience = patience.toNanos();
    }

    /**
     * Takes in a batch.
     *
     * @param heardAt nanoseconds, of the clock that does not run backwards
     */
    News heard(UsageBatch batch, long offset, long heardAt) {
        var before = List.copyOf(members.keySet());
        if (batch.farewell()) {
            members.remove(batch.replica());
        } else {
            var known = members.put(batch.replica(), new Member(heardAt, batch.read()));
            if (batch.replica() == self && known != null && heardAt - known.heardAt() > patience / 4 * 3) {
                pardon(heardAt);
            }
        }
        if (batch.gone() != 0) {
            members.remove(batch.gone()); // perhaps this one, which was silent for too long, and begins again
        }
        active &= members.containsKey(self);
        var changed = !before.equals(List.copyOf(members.keySet()));
        if (changed) {
            changedAt = offset;
            agreed = false;
        }
        if (!agreed && haveAgreed()) {
            agreed = true;
            active = members.containsKey(self);
            return News.AGREED;
        }
        return changed ? News.CHANGED : News.NONE;
    }

    /** One alone has all that there is, whatever it has used. */
    private boolean haveAgreed() {
        return members.size() == 1 || members.values().stream().allMatch(member -> member.read() > changedAt);
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
}
