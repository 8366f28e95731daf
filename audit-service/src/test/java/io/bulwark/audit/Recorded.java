package io.bulwark.audit;

import static io.restassured.RestAssured.given;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.events.SuiteEvent;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What tests send to the log, and how they see that it has arrived. */
public final class Recorded {
    /** One for all tests: to connect takes longer than most of them. */
    private static final EventSender AUTH_SERVICE = EventSender.as("auth-service");

    private static final Instant FILLING = Instant.parse("2026-04-01T00:00:00Z");

    private Recorded() {}

    public static ActionRecorded action(String actorId, @Nullable String actorName, String role, String action) {
        return new ActionRecorded(
                actorId,
                actorName,
                List.of(role),
                action,
                "203.0.113.7",
                Outcome.ALLOWED,
                "198.51.100.4",
                Map.of("why", "brute force"),
                1);
    }

    /** The entry of this event, as soon as there is one. */
    public static JsonPath awaited(String eventId) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> find("eventId", eventId),
                        found -> !found.getList("items").isEmpty());
    }

    /** Sends it as auth-service would, of the application {@code shop}; returns its id. */
    public static String send(SuiteEvent event, Instant time) {
        return AUTH_SERVICE.send(event, "shop", time).id();
    }

    /** Sends it and waits until it is in the log; returns its id. */
    public static String store(SuiteEvent event, Instant time) {
        var id = send(event, time);
        awaited(id);
        return id;
    }

    /** Sees to it that the log has at least so many entries. */
    public static void fillTo(int size) {
        var newest = find("limit", 1).<Integer>getList("items.index");
        int already = newest.isEmpty() ? 0 : newest.getFirst() + 1;
        String last = null;
        for (int missing = size - already; missing > 0; missing--) {
            last = send(action("u-0", null, "user", "log.fill"), FILLING);
        }
        if (last != null) {
            awaited(last);
        }
    }

    public static JsonPath find(String parameter, Object value) {
        return given().auth()
                .oauth2(Tokens.of("auditor"))
                .queryParam(parameter, value)
                .get("/api/v1/entries")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }
}
