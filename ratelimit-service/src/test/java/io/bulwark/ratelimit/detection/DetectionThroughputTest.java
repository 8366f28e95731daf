package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.Envelope;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** How many failed sign-ins a second are counted by every detector, in batches as the topic hands them out. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class DetectionThroughputTest {
    private static final Logger LOG = Logger.getLogger(DetectionThroughputTest.class);
    private static final int BATCH = 500;
    private static final int BATCHES = 40;

    @Inject
    Detector detector;

    @Test
    void anAttackIsCountedAsFastAsItComes() throws Exception {
        run("a botnet, each address once or twice", 1, 1_000_000, 50_000);
        run("a botnet, two replicas", 2, 1_000_000, 50_000);
        run("twenty addresses against thousands of accounts", 1, 20, 50_000);
        run("a botnet against one account", 1, 1_000_000, 1);
    }

    private void run(String what, int replicas, int addresses, int accounts) throws Exception {
        var random = new Random(addresses + accounts);
        var application = "flood-" + replicas + "-" + addresses + "-" + accounts;
        var batches = IntStream.range(0, BATCHES)
                .mapToObj(batch -> batch(application, random, addresses, accounts))
                .toList();
        var start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(replicas)) {
            var done = batches.stream()
                    .map(batch -> threads.submit(
                            () -> QuarkusTransaction.requiringNew().run(() -> detector.observe(batch))))
                    .toList();
            for (var one : done) {
                one.get(5, TimeUnit.MINUTES);
            }
        }
        var seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0;
        var rate = BATCH * BATCHES / seconds;
        LOG.infof("%s: %.0f failed sign-ins a second", what, rate);

        assertThat(rate).isGreaterThan(100);
    }

    private static List<Report> batch(String application, Random random, int addresses, int accounts) {
        return IntStream.range(0, BATCH)
                .mapToObj(i -> {
                    var number = random.nextInt(addresses);
                    var address = "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
                    var envelope = new Envelope("id", "/test", "test", null, Instant.now(), application, null);
                    return new Report(
                            Misdeed.Kind.LOGIN_FAILED,
                            address,
                            1,
                            "victim-" + random.nextInt(accounts),
                            null,
                            envelope);
                })
                .toList();
    }
}
