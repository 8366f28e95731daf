package io.bulwark.auth.revocation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class RevocationLedgerTest {
    @Inject
    RevocationLedger ledger;

    @Inject
    Tombstones tombstones;

    @Test
    void aRestoredCounterIsRaisedToTheTopicsAndNeverLowered() {
        var person = People.add();
        var userId = UUID.fromString(person.id());

        raise(person.id(), 50);
        raise(person.id(), 7);

        var generations = QuarkusTransaction.requiringNew().call(() -> ledger.current(userId, null));
        assertThat(generations.user()).isEqualTo(50);
        People.as(person.token()).get("/api/v1/me").then().statusCode(200);
    }

    @Test
    void aClientThatTheRestoredSchemaDoesNotKnowGoesOnFromTheTopicsGeneration() {
        var id = "c-" + UUID.randomUUID();
        QuarkusTransaction.requiringNew().run(() -> ledger.raiseClientTo(id, 5));

        People.as(People.admin())
                .body(Map.of("clientId", id, "roles", List.of("service"), "application", "shop"))
                .post("/api/v1/clients")
                .then()
                .statusCode(201);

        var generations = QuarkusTransaction.requiringNew().call(() -> ledger.current(null, id));
        assertThat(generations.client()).isEqualTo(5);
    }

    @Test
    void aSessionsRevocationIsForgottenOnceNoTokenOfItCanLive() throws SQLException {
        var due = "session:" + UUID.randomUUID();
        var early = "session:" + UUID.randomUUID();
        try (var topic = EventProbe.on(Topic.REVOCATIONS)) {
            insert(due, "now() - interval '1 second'");
            insert(early, "now() + interval '1 hour'");
            tombstones.publishDue();

            assertThat(topic.awaitRecord(seen -> due.equals(seen.key())).value())
                    .isNull();
        }
        assertThat(count(due)).isZero();
        assertThat(count(early)).isOne();
    }

    @Test
    void theServiceIsReadyOnceItsCountersAreRaised() {
        People.eventually()
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    }

    private void raise(String userId, long generation) {
        QuarkusTransaction.requiringNew().run(() -> ledger.raiseUserTo(userId, generation));
    }

    private static void insert(String key, String tombstoneAt) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.executeUpdate(
                    "insert into auth.revocation (key, tombstone_at) values ('%s', %s)".formatted(key, tombstoneAt));
        }
    }

    private static long count(String key) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select count(*) from auth.revocation where key = '%s'".formatted(key))) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
