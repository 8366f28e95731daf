package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.detection.MisdeedTable.Counted;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The worst are found as if everybody had been looked at. */
@SuiteTest
class OffendersTest {
    @Inject
    Offenders offenders;

    @Inject
    MisdeedTable misdeeds;

    @Inject
    Database database;

    @Test
    void whoOffendsMostIsFoundWhereverHeStands() {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var random = new Random(7);
        var counted = new ArrayList<Counted>();
        for (var i = 0; i < 4_000; i++) {
            // few who offend often, many who do so once
            var place = (int) Math.min(399, Math.abs(random.nextGaussian()) * 150);
            var at = now.minusSeconds(random.nextInt(4 * 3_600)).minusNanos(random.nextInt(1_000_000) * 1_000L);
            var group = new Group("test", "many", "10.0." + place / 200 + "." + place % 200);
            counted.add(new Counted(group, at.truncatedTo(ChronoUnit.MICROS), 1 + random.nextInt(3)));
        }
        add(counted);

        for (var age : List.of(Duration.ofMinutes(7), Duration.ofHours(1), Duration.ofHours(3), Duration.ofDays(1))) {
            for (var limit : List.of(1, 10, 500)) {
                for (var min : List.of(0, 5, 30)) {
                    var since = now.minus(age);
                    assertThat(counts(since, min, limit))
                            .as("since %s, more than %d, at most %d", age, min, limit)
                            .isEqualTo(expected(counted, since, min, limit));
                }
            }
        }
        assertThat(offenders.worst("test", "others", now.minus(Duration.ofHours(1)), 0, 10))
                .isEmpty();
    }

    /** He offends again just when those who were found first turn out not to be enough. */
    @Test
    void whoOffendsWhileTheWorstAreSoughtIsFoundOnce() {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var worst = new Counted(new Group("test", "busy", "10.1.9.1"), now, 100);
        var counted = new ArrayList<>(List.of(worst));
        // others in every hour, so that somebody unseen could have more than those who are found
        for (var hour = 0; hour < 3; hour++) {
            for (var i = 0; i < 30; i++) {
                var group = new Group("test", "busy", "10.1." + hour + "." + i);
                counted.add(new Counted(group, now.minus(Duration.ofHours(hour)), 10));
            }
        }
        add(counted);
        // four hours, and the one after them: the third time they are asked for, the second look begins
        var looks = new AtomicInteger();
        var busy = new Offenders(database, () -> {
            if (looks.getAndIncrement() == 2 * 5) {
                add(List.of(worst));
            }
            return now;
        });

        var found = busy.worst("test", "busy", now.minus(Duration.ofHours(3)), 0, 3);

        assertThat(looks).hasValueGreaterThan(2 * 5);
        assertThat(found).extracting(Offenders.Offender::count).containsExactly(200L, 10L, 10L);
        assertThat(found).extracting(Offenders.Offender::place).doesNotHaveDuplicates();
    }

    @Test
    void whomGatewaysRefuseMostStandsUnderWhatItWasRefusedFor() {
        var now = Instant.now();
        var address = Api.freshAddress();
        try (var service = EventSender.as("auth-service")) {
            service.send(new WafBlocked(address, null, "sqli", 9), "refused-most", now.minusSeconds(2));
            service.send(new AccessDenied(address, null, null, 403, 6), "refused-most", now.minusSeconds(1));
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(failures("waf", address)).isEqualTo(9);
            assertThat(failures("access-denied", address)).isEqualTo(6);
        });

        assertThat(failures("flood", address)).isZero();
        assertThat(failures("login", address)).isZero();
        Api.as("auditor")
                .get("/api/v1/offenders?policy=fashion")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("policy"));
    }

    private void add(List<Counted> counted) {
        QuarkusTransaction.requiringNew().run(() -> {
            misdeeds.add(counted);
            offenders.add(counted);
        });
    }

    private static int failures(String policy, String address) {
        Integer found = Api.as("auditor")
                .get("/api/v1/offenders?application=refused-most&policy=" + policy)
                .then()
                .statusCode(200)
                .extract()
                .path("items.find { it.target == '" + address + "' }?.failures");
        return found == null ? 0 : found;
    }

    private List<Long> counts(Instant since, int min, int limit) {
        var worst = offenders.worst("test", "many", since, min, limit);
        assertThat(worst).allSatisfy(offender -> {
            assertThat(offender.firstAt()).isBetween(since, offender.lastAt());
            assertThat(offender.application()).isEqualTo("many");
        });
        return worst.stream().map(Offenders.Offender::count).toList();
    }

    private static List<Long> expected(List<Counted> counted, Instant since, int min, int limit) {
        Map<String, Long> sums = counted.stream()
                .filter(one -> !one.at().isBefore(since))
                .collect(Collectors.groupingBy(one -> one.group().subject(), Collectors.summingLong(Counted::count)));
        return sums.values().stream()
                .filter(sum -> sum > min)
                .sorted((one, other) -> Long.compare(other, one))
                .limit(limit)
                .toList();
    }
}
