package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.outbox.TraceContext;
import io.bulwark.ratelimit.RateLimitConfig;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.detection.LoginFailures.Failure;
import io.bulwark.ratelimit.detection.LoginFailures.Place;
import io.bulwark.ratelimit.detection.LoginPolicy.Decided;
import io.bulwark.ratelimit.prefix.Scope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts failed sign-ins and blocks the places they come from, by the login policy, in the inbox's transaction. */
@ApplicationScoped
class LoginDetector {
    private static final int PRUNE_BATCH = 10_000;

    /** Failures mostly come in order, and then few older ones are needed. */
    private static final int LOOK_FURTHER = 8;

    private final LoginPolicy policy;
    private final RateLimitConfig.Login config;
    private final LoginFailures failures;
    private final Blocks blocks;
    private final TargetPolicy targets;
    private final InstantSource clock;
    private final Counter unusable;

    LoginDetector(
            RateLimitConfig config,
            LoginFailures failures,
            Blocks blocks,
            TargetPolicy targets,
            InstantSource clock,
            MeterRegistry metrics) {
        this.config = config.login();
        this.policy = new LoginPolicy(this.config.limit(), this.config.window(), this.config.duration());
        this.failures = failures;
        this.blocks = blocks;
        this.targets = targets;
        this.clock = clock;
        this.unusable = Counter.builder("ratelimit.login.failures.unusable")
                .description("Failed sign-ins whose address or application nobody can block")
                .register(metrics);
    }

    /** What one batch says of a place. */
    private record Tally(
            int failures,
            Instant earliest,
            Instant latest,
            @Nullable String trace) {
        Tally and(Tally other) {
            return new Tally(
                    failures + other.failures,
                    earliest.isBefore(other.earliest) ? earliest : other.earliest,
                    latest.isAfter(other.latest) ? latest : other.latest,
                    latest.isAfter(other.latest) ? trace : other.trace);
        }
    }

    void count(List<FailedLogin> reported) {
        // in one order everywhere, so that two replicas do not wait for each other's blocks
        var tallies = new TreeMap<Place, Tally>(Comparator.comparing(Place::lock));
        var usable = new ArrayList<Failure>();
        for (var login : reported) {
            var failure = failure(login);
            if (failure.isEmpty()) {
                unusable.increment();
                continue;
            }
            var at = failure.get().at();
            usable.add(failure.get());
            tallies.merge(
                    failure.get().place(), new Tally(1, at, at, login.envelope().traceparent()), Tally::and);
        }
        if (usable.isEmpty()) {
            return;
        }
        failures.hold(tallies.keySet());
        failures.add(usable);
        tallies.forEach(this::decide);
    }

    @Scheduled(
            every = "1m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        var before = clock.instant().minus(config.retention());
        int done;
        do {
            done = QuarkusTransaction.requiringNew().call(() -> failures.prune(before, PRUNE_BATCH));
        } while (done == PRUNE_BATCH);
    }

    private Optional<Failure> failure(FailedLogin login) {
        var application = login.envelope().application();
        if (!Scope.isApplication(application)) {
            return Optional.empty();
        }
        try {
            var address = Network.parse(login.address());
            if (!address.isAddress()) {
                return Optional.empty();
            }
            return Optional.of(new Failure(
                    new Place(application, LoginPolicy.placeOf(address)),
                    past(login.envelope().time())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void decide(Place place, Tally tally) {
        if (targets.danger(place.subject()).isPresent()) {
            return;
        }
        var decided = decided(place, tally);
        if (decided.isEmpty()) {
            return;
        }
        try (var trace = TraceContext.continuing(tally.trace())) {
            // one after the other, as if each had come alone: the first begins the block, the last makes it longer
            block(place, decided.get().first());
            block(place, decided.get().last());
        }
    }

    private void block(Place place, Instant decided) {
        var order = order(place, decided);
        if (!order.isOver(clock.instant())) {
            blocks.place(order);
        }
    }

    /**
     * Only what is less than a window away from the fresh failures can decide together with them. Whoever was unblocked
     * starts afresh: what led to that block does not count again.
     */
    private Optional<Decided> decided(Place place, Tally tally) {
        var after = tally.earliest().minus(policy.window());
        var decided = decided(place, tally, after);
        if (decided.isEmpty()) {
            return decided;
        }
        return blocks.endOf(place.subject(), Scope.everything(place.application()))
                .filter(after::isBefore)
                .map(end -> decided(place, tally, end))
                .orElse(decided);
    }

    private Optional<Decided> decided(Place place, Tally tally, Instant after) {
        var until = tally.latest().plus(policy.window());
        for (var most = tally.failures() + policy.limit(); ; most *= LOOK_FURTHER) {
            var newest = failures.newest(place, after, until, most);
            if (newest.size() < most || policy.suffices(newest, tally.earliest())) {
                return policy.decide(newest, tally.earliest());
            }
        }
    }

    private NewBlock order(Place place, Instant decided) {
        return new NewBlock(
                        place.subject(),
                        Scope.everything(place.application()),
                        LoginPolicy.REASON,
                        LoginPolicy.NAME,
                        Blocks.SERVICE,
                        decided,
                        policy.duration())
                .escalating();
    }

    /** As Postgres keeps it. A producer whose clock runs ahead must not make a block last longer. */
    private Instant past(Instant time) {
        var now = clock.instant();
        return (time.isAfter(now) ? now : time).truncatedTo(ChronoUnit.MICROS);
    }
}
