package io.bulwark.ratelimit.crowdsec;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** How far each bouncer has read on this replica, for the protocol has no cursor of its own. The longest silent is forgotten first. */
@ApplicationScoped
class Bouncers {
    /** Of one that is not known: it is told everything. */
    static final long NOWHERE = -1;

    private final Map<Bouncer, Long> positions;

    Bouncers(CrowdSecConfig config) {
        var most = config.bouncers();
        positions = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Bouncer, Long> eldest) {
                return size() > most;
            }
        };
    }

    /** Whoever polls with this key from this address with this program. */
    record Bouncer(UUID gateway, String address, String program) {}

    synchronized long position(Bouncer bouncer) {
        return positions.getOrDefault(bouncer, NOWHERE);
    }

    /** Only once it has the whole answer: a bouncer that got half of it or an error asks for it again. */
    synchronized void advance(Bouncer bouncer, long position) {
        positions.put(bouncer, position);
    }
}
