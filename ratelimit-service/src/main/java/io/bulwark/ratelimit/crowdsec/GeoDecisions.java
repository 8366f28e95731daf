package io.bulwark.ratelimit.crowdsec;

import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.bulwark.ratelimit.geo.GeoBlock;
import io.bulwark.ratelimit.geo.GeoTarget;
import io.bulwark.ratelimit.geo.GeoWatcher;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands geo blocks out as decisions of the scopes Country and AS, for bouncers that know where an address is. As with other
 * blocks, those of one endpoint are left out.
 */
@ApplicationScoped
class GeoDecisions implements GeoWatcher {
    /** Bouncers know no decision without end. */
    private static final Duration FOR_GOOD = Duration.ofDays(3_653);

    private final Ledgers ledgers;
    private final InstantSource clock;
    private @Nullable Map<Place, GeoBlock> known;
    private long version;

    GeoDecisions(Ledgers ledgers, InstantSource clock) {
        this.ledgers = ledgers;
        this.clock = clock;
    }

    private record Place(String application, GeoTarget target) {}

    @Override
    public synchronized void read(List<GeoBlock> all) {
        var before = known == null ? Map.<Place, GeoBlock>of() : known;
        var changedAt = known == null ? Ledgers.NO_NEWS : clock.millis();
        var now = new HashMap<Place, GeoBlock>();
        for (var block : all) {
            var place = new Place(block.scope().application(), block.target());
            if (block.scope().endpoint() == null) {
                now.put(place, block);
                if (!block.equals(before.get(place))) {
                    put(place, block, until(block), changedAt);
                }
            }
        }
        before.forEach((place, block) -> {
            if (!now.containsKey(place)) {
                put(place, block, clock.instant(), changedAt);
            }
        });
        known = now;
    }

    private void put(Place place, GeoBlock block, Instant until, long changedAt) {
        ledgers.of(place.application())
                .put(key(place.target()), Origins.of(block), until.toEpochMilli(), ++version, changedAt);
    }

    private static Key key(GeoTarget target) {
        return target.country() == null
                ? new Key(DecisionScope.AS, String.valueOf(target.asn()), null)
                : new Key(DecisionScope.COUNTRY, target.country(), null);
    }

    private static Instant until(GeoBlock block) {
        return block.until() == null ? block.blockedAt().plus(FOR_GOOD) : block.until();
    }
}
