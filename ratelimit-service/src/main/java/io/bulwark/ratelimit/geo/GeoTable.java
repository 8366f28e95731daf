package io.bulwark.ratelimit.geo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The geo blocks, in memory, for decisions. Where an application has none, nothing is looked up. */
@Singleton
public class GeoTable implements RuleSet {
    /** What {@link #refusedUntil} says of somebody who is not refused. */
    public static final long NOT_REFUSED = 0;

    /** What it says of somebody who is refused without end. */
    public static final long FOR_GOOD = Long.MAX_VALUE;

    private static final String EVERY_ENDPOINT = "";

    private final GeoBlocks blocks;
    private final GeoDatabases databases;
    private final List<GeoWatcher> watchers;
    private final Counter unanswered;
    private volatile List<GeoBlock> all = List.of();
    private volatile Map<String, Map<String, Refused>> byApplication = Map.of();
    private volatile boolean needsCountries;
    private volatile boolean needsSystems;

    GeoTable(GeoBlocks blocks, GeoDatabases databases, @All List<GeoWatcher> watchers, MeterRegistry metrics) {
        this.blocks = blocks;
        this.databases = databases;
        this.watchers = watchers;
        this.unanswered = Counter.builder("ratelimit.geo.unanswered")
                .description("Questions that geo blocks are about, and that no database could answer")
                .register(metrics);
    }

    /** Where an address is, as far as this replica's databases say. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Whereabouts(
            @Nullable String country, @Nullable Long asn) {}

    private record Refused(RefusedCodes countries, RefusedCodes systems) {
        static Refused of(List<GeoBlock> blocks) {
            return new Refused(codes(blocks, GeoDatabase.Kind.COUNTRY), codes(blocks, GeoDatabase.Kind.AS));
        }

        private static RefusedCodes codes(List<GeoBlock> blocks, GeoDatabase.Kind kind) {
            return new RefusedCodes(blocks.stream()
                    .filter(block -> block.target().kind() == kind)
                    .toList());
        }
    }

    @Override
    public RuleKind kind() {
        return RuleKind.GEO_BLOCK;
    }

    @Override
    public void reload() {
        all = blocks.all();
        needsCountries = all.stream().anyMatch(block -> block.target().kind() == GeoDatabase.Kind.COUNTRY);
        needsSystems = all.stream().anyMatch(block -> block.target().kind() == GeoDatabase.Kind.AS);
        byApplication = all.stream().collect(groupingBy(block -> block.scope().application())).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, ofApplication -> byEndpoint(ofApplication.getValue())));
        watchers.forEach(watcher -> watcher.read(all));
    }

    /**
     * Until when the address is refused for where it is.
     *
     * @param endpoint null for none in particular
     * @return milliseconds since 1970, or {@link #FOR_GOOD}; {@link #NOT_REFUSED} where it is not
     */
    public long refusedUntil(Network address, String application, @Nullable String endpoint, long nowMillis) {
        var ofApplication = byApplication.get(application);
        if (ofApplication == null) {
            return NOT_REFUSED;
        }
        var everywhere = until(ofApplication.get(EVERY_ENDPOINT), address, nowMillis);
        return everywhere != NOT_REFUSED || endpoint == null
                ? everywhere
                : until(ofApplication.get(endpoint), address, nowMillis);
    }

    /** For people who ask where somebody is. */
    public Whereabouts whereabouts(Network address) {
        var system = databases.systems().code(address);
        return new Whereabouts(
                GeoTarget.country(databases.countries().code(address)), system == GeoDatabase.UNKNOWN ? null : system);
    }

    /** The blocks in force that an address is refused by, those of single endpoints among them. */
    public List<GeoBlock> refusing(Network address, String application, Instant now) {
        return all.stream()
                .filter(block -> block.scope().application().equals(application)
                        && (block.until() == null || block.until().isAfter(now))
                        && databases.of(block.target().kind()).code(address)
                                == block.target().code())
                .toList();
    }

    /** Whether a block is in force that no database can answer for. */
    boolean isBlind() {
        return needsCountries && !databases.countries().isAvailable()
                || needsSystems && !databases.systems().isAvailable();
    }

    private long until(@Nullable Refused refused, Network address, long nowMillis) {
        if (refused == null) {
            return NOT_REFUSED;
        }
        return Math.max(
                until(refused.countries(), databases.countries(), address, nowMillis),
                until(refused.systems(), databases.systems(), address, nowMillis));
    }

    private long until(RefusedCodes refused, GeoDatabase database, Network address, long nowMillis) {
        if (refused.isEmpty()) {
            return NOT_REFUSED;
        }
        if (!database.isAvailable()) {
            unanswered.increment();
        }
        return refused.until(database.code(address), nowMillis);
    }

    private static Map<String, Refused> byEndpoint(List<GeoBlock> blocks) {
        return blocks.stream()
                .collect(groupingBy(block -> block.scope().endpoint() == null
                        ? EVERY_ENDPOINT
                        : block.scope().endpoint()))
                .entrySet()
                .stream()
                .collect(toMap(Map.Entry::getKey, ofEndpoint -> Refused.of(ofEndpoint.getValue())));
    }
}
