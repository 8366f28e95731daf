package io.bulwark.ratelimit.rule;

import io.bulwark.kit.outage.Outage;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Reads rules again: once for many changes at a time, and until it succeeds. Each kind has a thread of its own: a posture must
 * not wait until long blocklists are read.
 */
final class RuleReloads implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<RuleKind, OfKind> kinds = new EnumMap<>(RuleKind.class);

    /** @param reload is called for each kind by one thread at a time */
    RuleReloads(Consumer<RuleKind> reload) {
        Arrays.stream(RuleKind.values())
                .forEach(kind -> kinds.put(kind, new OfKind(kind.word(), () -> reload.accept(kind))));
    }

    void start() {
        kinds.values().forEach(kind -> kind.thread.start());
    }

    /** Reads all of them before it returns; throws what one of them throws. */
    void readAll() {
        kinds.values().forEach(OfKind::read);
    }

    void request(RuleKind kind) {
        kinds.get(kind).changes.release();
    }

    @Override
    public void close() {
        kinds.values().forEach(kind -> kind.thread.interrupt());
    }

    private static final class OfKind {
        private final Semaphore changes = new Semaphore(0);
        private final Runnable reload;
        private final Outage outage;
        private final Thread thread;

        OfKind(String word, Runnable reload) {
            this.reload = reload;
            this.outage = new Outage(
                    Logger.getLogger(RuleReloads.class),
                    "Rules of kind " + word + " cannot be read, and those known stay in force");
            this.thread =
                    Thread.ofPlatform().name("rule-reloads-" + word).daemon().unstarted(this::run);
        }

        synchronized void read() {
            reload.run();
        }

        private void run() {
            try {
                while (true) {
                    changes.acquire();
                    changes.drainPermits();
                    if (!outage.attempt(this::read)) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                        changes.release();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
