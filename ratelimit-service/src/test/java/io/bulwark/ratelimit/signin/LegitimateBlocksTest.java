package io.bulwark.ratelimit.signin;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** "Unblock legitimate users." */
@SuiteTest
class LegitimateBlocksTest {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

    @Test
    void blockedPlacesWhereSomebodyIsAtHomeAreListedWithHowManyAndWhenLast() {
        var office = Api.freshAddress();
        var attacker = Api.freshAddress();
        var stranger = Api.freshAddress();
        var settled = now.minus(Duration.ofDays(9));
        var last = now.minus(Duration.ofHours(5));
        try (var auth = EventSender.as("auth-service")) {
            signIn(auth, office, "ann@example.com", "home", settled);
            signIn(auth, office, "Ann@example.com", "home", last);
            signIn(auth, office, "bob@example.com", "home", settled.plusSeconds(9));
            // guessed just now, so no proof of anything
            signIn(auth, attacker, "bob@example.com", "home", now.minusSeconds(90));
            // at home elsewhere says nothing about this application
            signIn(auth, stranger, "eve@example.com", "elsewhere", settled);
            signIn(auth, "2001:db8:9:9::7", "ann@example.com", "home", settled);
            signIn(auth, "198.19.250.77", "ann@example.com", "home", settled);
            for (var target : List.of(office, attacker, stranger, "2001:db8:9:9::8", "198.19.250.0/24")) {
                Api.block(target, "home", "PT1H");
            }

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listed("home").keySet())
                            .containsExactlyInAnyOrder(office, "2001:db8:9:9::8", "198.19.250.0/24"));
        }

        assertThat(listed("home").get(office))
                .containsEntry("accounts", 2)
                .containsEntry("signIns", 3)
                .containsEntry("reason", "test")
                .containsEntry("lastSignInAt", last.toString());
        Api.as("user").get("/api/v1/blocks/legitimate").then().statusCode(403);
        Api.as("auditor").get("/api/v1/blocks/legitimate?cursor=bogus").then().statusCode(422);
    }

    @Test
    void theListComesInPages() {
        try (var auth = EventSender.as("auth-service")) {
            for (var i = 1; i <= 3; i++) {
                signIn(auth, "198.19.251." + i, "ann@example.com", "paged", now.minus(Duration.ofDays(3)));
                Api.block("198.19.251." + i, "paged", "PT1H");
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listed("paged").keySet())
                            .contains("198.19.251.1", "198.19.251.2", "198.19.251.3"));
        }
        var first = Api.as("responder")
                .get("/api/v1/blocks/legitimate?limit=1&application=paged")
                .then()
                .extract();

        var second = Api.as("responder")
                .queryParam("cursor", first.<String>path("nextCursor"))
                .get("/api/v1/blocks/legitimate?limit=1&application=paged")
                .then()
                .extract();

        assertThat(first.<String>path("items[0].id")).isNotNull();
        assertThat(second.<String>path("items[0].id")).isNotNull().isNotEqualTo(first.<String>path("items[0].id"));
    }

    private static void signIn(EventSender auth, String address, String account, String application, Instant at) {
        auth.send(new LoginSucceeded(address, "user-" + account, account, null), application, at);
    }

    private static Map<String, Map<String, Object>> listed(String application) {
        var items = Api.as("responder")
                .get("/api/v1/blocks/legitimate?limit=500&application=" + application)
                .then()
                .statusCode(200)
                .extract()
                .<List<Map<String, Object>>>path("items");
        return items.stream().collect(Collectors.toMap(item -> (String) item.get("target"), item -> item));
    }
}
