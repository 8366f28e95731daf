package io.bulwark.ratelimit.decision;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.policy.EndpointPolicy;
import io.bulwark.ratelimit.policy.OnExceed;
import io.bulwark.ratelimit.prefix.Scope;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Blocks who goes over a limit whose policy says so. A decision only leaves a note, and none where one is waiting; where
 * there is no room for it, or no database, the next request that is refused leaves it again.
 */
@Singleton
class OverLimit {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_WAITING = 4_096;

    private final Blocks blocks;
    private final TargetPolicy targets;
    private final InstantSource clock;
    private final BlockingQueue<Offence> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Set<Offence> known = ConcurrentHashMap.newKeySet();
    private final RefusedShares refusedShares = new RefusedShares();
    private final Outage outage =
            new Outage(Logger.getLogger(OverLimit.class), "Who is over a limit is refused, but cannot be blocked");
    private final Thread thread =
            Thread.ofPlatform().name("over-limit").daemon().unstarted(this::run);

    OverLimit(Blocks blocks, TargetPolicy targets, InstantSource clock) {
        this.blocks = blocks;
        this.targets = targets;
        this.clock = clock;
    }

    /** @param window of the limit */
    private record Offence(Network target, Scope scope, OnExceed consequence, Duration window) {}

    /** Somebody was refused by this policy, for these claims. */
    void report(Network client, EndpointPolicy policy, Claims claims) {
        var consequence = policy.onExceed();
        if (consequence == null) {
            return;
        }
        var limit = refusedShares.over(claims, policy::isOfAddress, clock.millis());
        if (limit == null) {
            return;
        }
        var offence =
                new Offence(client.clientNetwork(), policy.scope(), consequence, Duration.ofNanos(limit.windowNanos()));
        if (known.add(offence) && !waiting.offer(offence)) {
            known.remove(offence);
        }
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                var offence = waiting.take();
                var blocked =
                        outage.attempt(() -> QuarkusTransaction.requiringNew().run(() -> block(offence)));
                known.remove(offence);
                if (!blocked) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void block(Offence offence) {
        if (targets.danger(offence.target(), offence.scope().application()).isPresent()
                || blocks.isBlocked(
                        offence.target(), offence.scope()) // and refused once more before every replica knew
                || isForgiven(offence)) {
            return;
        }
        var consequence = offence.consequence();
        blocks.place(new NewBlock(
                        offence.target(),
                        offence.scope(),
                        "Over the limit of " + name(offence.scope().endpoint()),
                        "over-limit",
                        Blocks.SERVICE,
                        clock.instant(),
                        consequence.block())
                .with(consequence.remediation() == null ? Remediation.BAN : consequence.remediation())
                .escalating());
    }

    /** What it is over the limit by may be what a person has unblocked it for. */
    private boolean isForgiven(Offence offence) {
        return blocks.forgivenAt(offence.target(), offence.scope())
                .filter(at -> at.plus(offence.window()).isAfter(clock.instant()))
                .isPresent();
    }

    private static String name(@Nullable String endpoint) {
        return endpoint == null ? "the application" : endpoint;
    }
}
