package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.AUDIT;
import static io.bulwark.localstack.SuiteService.AUTH;
import static io.bulwark.localstack.SuiteService.BACKUP;
import static io.bulwark.localstack.SuiteService.INCIDENT;
import static io.bulwark.localstack.SuiteService.RATELIMIT;
import static io.bulwark.system.Suite.eventually;
import static io.bulwark.system.Suite.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.IncidentEvent.IncidentOpened;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.Topic;
import io.bulwark.system.People.Person;
import io.bulwark.testkit.EventProbe;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One attack on the application {@code store}, from the first wrong password to the closed incident. */
@TestMethodOrder(OrderAnnotation.class)
class AttackStoryTest {
    private static final String ATTACKER = "203.0.113.7";
    private static String gatewayKey;
    private static String storeSecret;
    private static Person victim;
    private static String incident;

    @BeforeAll
    static void theStoreIsRegisteredAndItsPeopleSignIn() {
        gatewayKey = to(RATELIMIT, "admin")
                .body(Map.of("name", "store-gateway", "application", "store"))
                .post("/api/v1/gateways")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
        storeSecret = to(AUTH, "admin")
                .body(Map.of("clientId", "store-backend", "roles", new String[] {"service"}, "application", "store"))
                .post("/api/v1/clients")
                .then()
                .statusCode(201)
                .extract()
                .path("secret");
        victim = People.onboard("victim@store.example");
    }

    @Test
    @Order(1)
    void wrongPasswordsAreCountedAndLockTheAccount() {
        check(ATTACKER).then().statusCode(200);
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS);
                var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            for (var i = 0; i < 12; i++) {
                guess().then().statusCode(401).contentType("application/problem+json");
            }

            var failures = events.awaitCount(
                    LoginFailed.class, failed -> failed.address().equals(ATTACKER), 12);
            assertThat(failures)
                    .hasSize(12)
                    .allMatch(event -> event.application().equals("store"));
            events.await(AccountLocked.class, locked -> locked.userId().equals(victim.id()));
            var blocked = blocks.await(IpBlocked.class, block -> block.target().equals(ATTACKER));
            assertThat(blocked.application()).isEqualTo("store");
            assertThat(blocked.data().blockedAt()).isEqualTo(failures.get(4).time());
        }
    }

    @Test
    @Order(2)
    void theAddressIsRefusedAtTheGateway() {
        eventually().untilAsserted(() -> check(ATTACKER).then().statusCode(403));
        check(ATTACKER).then().contentType("application/problem+json").header("Retry-After", notNullValue());
        check("203.0.113.8").then().statusCode(200);
        to(RATELIMIT)
                .header("X-Api-Key", gatewayKey)
                .body(Map.of("ip", ATTACKER, "endpoint", "login"))
                .post("/api/v1/check")
                .then()
                .statusCode(200)
                .body("allowed", equalTo(false));
        to(RATELIMIT, "auditor")
                .get("/api/v1/blocks?active=true&target=" + ATTACKER)
                .then()
                .statusCode(200)
                .body("items.application", hasItem("store"));
    }

    @Test
    @Order(3)
    void oneIncidentOpensWithItsClockAndIsAcknowledged() {
        incident = eventually()
                .until(
                        () -> to(INCIDENT, "auditor")
                                .get("/api/v1/incidents?application=store")
                                .then()
                                .statusCode(200)
                                .extract()
                                .<String>path("items.find { it.rule == 'failed-logins' }.id"),
                        id -> id != null);

        to(INCIDENT, "auditor")
                .get("/api/v1/incidents?application=store")
                .then()
                .body("items.findAll { it.rule == 'failed-logins' }", hasSize(1));
        to(INCIDENT, "responder")
                .post("/api/v1/incidents/" + incident + "/acknowledge")
                .then()
                .statusCode(200)
                .body("status", equalTo("acknowledged"))
                .body("severity", equalTo("P1"))
                .body("inTime", equalTo(true));
    }

    @Test
    @Order(4)
    void containmentTravelsAndItsOutcomeReturns() {
        var session = People.login(victim.email(), People.PASSWORD, "198.51.100.2");
        assertThat(session.statusCode()).as("the account is still locked").isEqualTo(401);
        to(AUTH, "admin")
                .post("/api/v1/users/" + victim.id() + "/unlock")
                .then()
                .statusCode(200);
        String token = People.login(victim.email(), People.PASSWORD, "198.51.100.2")
                .then()
                .statusCode(200)
                .extract()
                .path("accessToken");
        to(AUTH).header("Authorization", "Bearer " + token)
                .get("/api/v1/me")
                .then()
                .statusCode(200);

        order(Map.of("type", "block", "target", "203.0.113.0/24", "duration", "PT24H", "reason", "the whole network"));
        order(Map.of("type", "end-sessions", "target", victim.id(), "reason", "may have been guessed"));

        eventually()
                .untilAsserted(() -> to(INCIDENT, "auditor")
                        .get("/api/v1/incidents/" + incident + "/actions")
                        .then()
                        .body("items.state", hasItems("done", "done")));
        eventually().untilAsserted(() -> check("203.0.113.200").then().statusCode(403));
        eventually()
                .untilAsserted(() -> to(AUTH).header("Authorization", "Bearer " + token)
                        .get("/api/v1/me")
                        .then()
                        .statusCode(401));
    }

    @Test
    @Order(5)
    void aVerifiedBackupIsTaken() {
        String backup = to(BACKUP, "operator")
                .body(Map.of("source", "bulwark"))
                .post("/api/v1/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        eventually()
                .untilAsserted(() -> to(BACKUP, "auditor")
                        .get("/api/v1/backups/" + backup)
                        .then()
                        .body("status", equalTo("completed"))
                        .body("verified", equalTo(true))
                        .body("size", greaterThan(0)));
    }

    @Test
    @Order(6)
    void aBackupThatFailsOpensAnIncident() {
        var sourceUrl = Suite.stack().postgres().access();
        to(BACKUP, "operator")
                .body(Map.of(
                        "name", "store-db",
                        "application", "store",
                        "host", "127.0.0.1",
                        "port", sourceUrl.port(),
                        "database", "bulwark",
                        "user", "bulwark_dump",
                        "password", "not the password"))
                .post("/api/v1/sources")
                .then()
                .statusCode(201);
        try (var incidents = EventProbe.on(Topic.INCIDENTS)) {
            to(BACKUP, "operator")
                    .body(Map.of("source", "store-db"))
                    .post("/api/v1/backups")
                    .then()
                    .statusCode(202);

            var opened = incidents.await(IncidentOpened.class, event -> "backup-failed".equals(event.rule()));
            assertThat(opened.application()).isEqualTo("store");
        }
    }

    @Test
    @Order(7)
    void theIncidentIsResolvedAndClosed() {
        to(INCIDENT, "responder")
                .post("/api/v1/incidents/" + incident + "/close")
                .then()
                .statusCode(409);
        to(INCIDENT, "responder")
                .body(Map.of("resolution", "The network is blocked, the account is safe"))
                .post("/api/v1/incidents/" + incident + "/resolve")
                .then()
                .statusCode(200);
        to(INCIDENT, "responder")
                .post("/api/v1/incidents/" + incident + "/close")
                .then()
                .statusCode(200)
                .body("status", equalTo("closed"));
    }

    @Test
    @Order(8)
    void theLogHoldsAllOfItAndProvesIt() {
        eventually()
                .untilAsserted(() -> to(AUDIT, "auditor")
                        .get("/api/v1/entries?topic=incidents&application=store&limit=100")
                        .then()
                        .body("items.type", hasItem("io.bulwark.incident.closed.v1")));
        to(AUDIT, "auditor")
                .get("/api/v1/entries?actor=cli-responder&limit=100")
                .then()
                .statusCode(200)
                .body("items.findAll { it.action }.size()", greaterThan(3));
        to(AUDIT, "auditor")
                .get("/api/v1/reports/admin-actions?period=P7D")
                .then()
                .statusCode(200)
                .body("admins.id", hasItem("cli-admin"));
        to(AUDIT, "auditor").post("/api/v1/verify").then().statusCode(200).body("ok", equalTo(true));
    }

    private static Response guess() {
        return People.loginThrough(
                "store-backend", storeSecret, victim.email(), "a wrong guess of a password", ATTACKER);
    }

    private static Response check(String address) {
        return to(RATELIMIT)
                .header("X-Api-Key", gatewayKey)
                .header("X-Forwarded-For", address)
                .get("/check/login");
    }

    private static void order(Map<String, Object> action) {
        to(INCIDENT, "responder")
                .body(action)
                .post("/api/v1/incidents/" + incident + "/actions")
                .then()
                .statusCode(202);
    }
}
