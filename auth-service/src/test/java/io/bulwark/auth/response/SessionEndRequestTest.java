package io.bulwark.auth.response;

import static io.bulwark.auth.People.as;
import static io.bulwark.auth.People.refresh;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.auth.People.Person;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.ResponseOutcome.ActionFailed;
import io.bulwark.events.Revocation.UserRevoked;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class SessionEndRequestTest {
    @Test
    void aRespondersCommandEndsTheUsersSessionsOnceAndCountsTheLiving() throws SQLException {
        var person = People.add();
        idle(person);
        var login = person.login().then().extract();
        String refreshToken = login.path("refreshToken");
        String access = login.path("accessToken");
        var command = command(person.id());
        try (var outcomes = EventProbe.on(Topic.RESPONSE_OUTCOMES);
                var revocations = EventProbe.on(Topic.REVOCATIONS);
                var incidents = EventSender.as("incident-service")) {
            var envelope = incidents.send(command, "shop", Instant.now());
            incidents.send(envelope, command);

            var done = outcomes.await(ActionDone.class, e -> e.commandId().equals(command.commandId()));
            assertThat(done.data().incidentId()).isEqualTo("incident-1");
            assertThat(done.data().detail()).contains("1 sessions").contains(person.email());
            assertThat(done.application()).isEqualTo("shop");
            revocations.await(UserRevoked.class, e -> e.userId().equals(person.id()));
            assertThat(outcomes.seenAfter(
                            Duration.ofSeconds(1),
                            ActionDone.class,
                            e -> e.commandId().equals(command.commandId())))
                    .hasSize(1);
        }
        refresh(refreshToken).then().statusCode(400);
        People.eventually()
                .untilAsserted(() -> as(access).get("/api/v1/me").then().statusCode(401));
    }

    @Test
    void aCommandForNobodyFails() {
        try (var outcomes = EventProbe.on(Topic.RESPONSE_OUTCOMES);
                var incidents = EventSender.as("incident-service")) {
            for (var target : new String[] {UUID.randomUUID().toString(), "203.0.113.7"}) {
                var command = command(target);
                incidents.send(command, "shop", Instant.now());

                outcomes.await(ActionFailed.class, e -> e.commandId().equals(command.commandId()));
            }
        }
    }

    /** A session that nobody has used for longer than it stands. */
    private static void idle(Person person) throws SQLException {
        person.login().then().statusCode(200);
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.executeUpdate("update auth.session set last_used_at = now() - interval '1 hour'"
                    + " where account_id = '" + person.id() + "'");
        }
    }

    private static SessionEndRequested command(String target) {
        return new SessionEndRequested(
                UUID.randomUUID().toString(), "incident-1", target, "stolen laptop", "responder-1", Instant.now());
    }
}
