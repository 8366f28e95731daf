package io.bulwark.ratelimit.rule;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RuleReloadsTest {
    @Test
    void manyChangesAreReadOnce() throws InterruptedException {
        var busy = new CountDownLatch(1);
        var read = new LinkedBlockingQueue<RuleKind>();
        try (var reloads = new RuleReloads(kind -> {
            read.add(kind);
            await(busy);
        })) {
            reloads.start();
            reloads.request(RuleKind.POLICY);
            assertThat(read.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RuleKind.POLICY);
            for (var i = 0; i < 1_000; i++) {
                reloads.request(RuleKind.POLICY);
            }
            busy.countDown();

            assertThat(read.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RuleKind.POLICY);
            assertThat(read.poll(100, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void noKindWaitsForAnother() throws InterruptedException {
        var rebuilding = new CountDownLatch(1);
        var read = new LinkedBlockingQueue<RuleKind>();
        try (var reloads = new RuleReloads(kind -> {
            read.add(kind);
            if (kind == RuleKind.BLOCKLIST) {
                await(rebuilding);
            }
        })) {
            reloads.start();
            reloads.request(RuleKind.BLOCKLIST);
            assertThat(read.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RuleKind.BLOCKLIST);
            reloads.request(RuleKind.POSTURE);

            assertThat(read.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(RuleKind.POSTURE);
            rebuilding.countDown();
        }
    }

    @Test
    void whatCannotBeReadIsReadLater() throws InterruptedException {
        var attempts = new AtomicInteger();
        var read = new CopyOnWriteArrayList<RuleKind>();
        var done = new CountDownLatch(2);
        try (var reloads = new RuleReloads(kind -> {
            if (kind == RuleKind.POLICY && attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("the database is away");
            }
            read.add(kind);
            done.countDown();
        })) {
            reloads.start();
            reloads.request(RuleKind.POLICY);
            reloads.request(RuleKind.POSTURE);

            assertThat(done.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(read).containsExactlyInAnyOrder(RuleKind.POSTURE, RuleKind.POLICY);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
