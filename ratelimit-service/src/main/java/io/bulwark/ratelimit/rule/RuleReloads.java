package io.bulwark.ratelimit.rule;

import io.bulwark.kit.outage.Outage;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Reads rules again on a thread of its own: once for many changes at a time, and until it succeeds. */
final class RuleReloads implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BlockingQueue<RuleKind> changed = new LinkedBlockingQueue<>();
    private final Consumer<RuleKind> reload;
    private final Outage outage =
            new Outage(Logger.getLogger(RuleReloads.class), "Rules cannot be read, and those known stay in force");
    private final Thread thread =
            Thread.ofPlatform().name("rule-reloads").daemon().unstarted(this::run);

    RuleReloads(Consumer<RuleKind> reload) {
        this.reload = reload;
    }

    void start() {
        thread.start();
    }

    void request(RuleKind kind) {
        changed.add(kind);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                var kinds = EnumSet.of(changed.take());
                changed.drainTo(kinds);
                kinds.forEach(this::read);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(RuleKind kind) {
        if (!outage.attempt(() -> reload.accept(kind))) {
            LockSupport.parkNanos(PAUSE_NANOS);
            request(kind);
        }
    }
}
