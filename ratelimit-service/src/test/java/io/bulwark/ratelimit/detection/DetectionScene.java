package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What auth-service tells of, and what comes of it on the topics. */
abstract class DetectionScene {
    static final Duration QUIET = Duration.ofMillis(400);

    final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    EventSender auth;
    EventProbe blocks;
    EventProbe attacks;

    @BeforeEach
    void open() {
        auth = EventSender.as("auth-service");
        blocks = EventProbe.on(Topic.IP_BLOCKED);
        attacks = EventProbe.on(Topic.SECURITY_EVENTS);
    }

    @AfterEach
    void close() {
        auth.close();
        blocks.close();
        attacks.close();
    }

    void fail(String address, String account, String application, Instant at) {
        auth.send(failure(address, account), application, at);
    }

    /** Nothing blocks it in the next moment, or has since the test began. */
    void assertNotBlocked(String target) {
        assertThat(blocks.seenAfter(QUIET, IpBlocked.class, of(target))).isEmpty();
    }

    static LoginFailed failure(String address, String account) {
        return new LoginFailed(address, account, null, Reason.WRONG_PASSWORD);
    }

    static Predicate<IpBlocked> of(String target) {
        return event -> event.target().equals(target);
    }

    static void awaitOutcome(String policy, String application, String outcome) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(detections(policy, application))
                        .anySatisfy(detection -> assertThat(detection).containsEntry("outcome", outcome)));
    }

    static List<Map<String, Object>> detections(String policy, String application) {
        return Api.as("auditor")
                .get("/api/v1/detections?policy=" + policy + "&application=" + application)
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }
}
