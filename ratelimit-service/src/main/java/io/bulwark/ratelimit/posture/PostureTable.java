package io.bulwark.ratelimit.posture;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The postures that are not the usual one, in memory, for decisions. Each ends by the clock, whether or not somebody tells. */
@Singleton
public class PostureTable implements RuleSet {
    private final Postures postures;
    private volatile Map<String, Posture> unusual = Map.of();

    PostureTable(Postures postures) {
        this.postures = postures;
    }

    @Override
    public RuleKind kind() {
        return RuleKind.POSTURE;
    }

    @Override
    public void reload() {
        unusual = postures.unusual().stream().collect(toUnmodifiableMap(Posture::application, Function.identity()));
    }

    /** Whether one has run its time that nobody has written down as over. */
    boolean hasOver(Instant now) {
        return unusual.values().stream().anyMatch(posture -> posture.isOver(now));
    }

    /** Null where it is the usual one. */
    public @Nullable Posture find(String application, long nowMillis) {
        var known = unusual;
        var posture = known.isEmpty() ? null : known.get(application);
        return posture == null || posture.isOver(Instant.ofEpochMilli(nowMillis)) ? null : posture;
    }
}
