package io.bulwark.ratelimit.blocklist;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.agroal.api.AgroalDataSource;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.OperatorSettings;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a list while its source, or its operator, does something else. */
@SuiteTest
@TestProfile(OperatorSettings.class)
class BlocklistRefreshTest {

    private ListServer server;
    private ListApi lists;

    /** Leaves it to an attempt that goes on, or to the service itself, which looks every two seconds. */
    private ListApi unhurried;

    @Inject
    AgroalDataSource dataSource;

    @Inject
    BlocklistTable table;

    @Inject
    BlocklistRefresh fetching;

    @BeforeEach
    void open() {
        server = new ListServer(); // the test is a bean, and one for all its methods
        lists = new ListApi(server, () -> Thread.ofVirtual().start(fetching::fetchDue));
        unhurried = new ListApi(server, () -> {});
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aListThatCannotBeFetchedStaysInForceAndSaysSoUntilItIsStale() throws SQLException {
        var key = Api.gatewayKey("failing");
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        lists.subscribe("failing", "list", Map.of()).statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);

        server.fail("/list", 503);
        lists.refresh("failing", "list");
        await().atMost(SOON)
                .untilAsserted(() -> lists.get("failing", "list")
                        .body("state", equalTo("failing"))
                        .body("failure", equalTo("Its source answers 503"))
                        .body("entries", equalTo(1)));
        assertThat(Api.check(key, "any", "203.0.113.7")).isEqualTo(403);

        execute("update blocklist set fetched_at = fetched_at - interval '4 days' where application = 'failing'");
        table.reload();
        assertThat(Api.check(key, "any", "203.0.113.7")).isEqualTo(200);
        lists.get("failing", "list").body("state", equalTo("stale"));

        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        lists.refresh("failing", "list");
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);
        lists.get("failing", "list").body("state", equalTo("current")).body("failures", equalTo(0));
    }

    @Test
    void aListForWhichTheOthersLeaveNoRoomIsNotTaken() throws SQLException {
        var key = Api.gatewayKey("room");
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        lists.subscribe("room", "large", Map.of()).statusCode(201);
        await().atMost(SOON).untilAsserted(() -> lists.get("room", "large").body("entries", equalTo(1)));
        execute("update blocklist set entries = 2000000000 where name = 'large'");
        server.publish("/small", "\"1\"", "198.51.100.0/24\n");

        lists.subscribe("room", "small", Map.of("url", server.url("/small"))).statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> lists.get("room", "small")
                        .body("state", equalTo("failing"))
                        .body("failure", containsString("max-entries-together"))
                        .body("entries", equalTo(0)));
        execute("update blocklist set entries = 1 where name = 'large'");
        lists.refresh("room", "small");
        await().atMost(SOON).until(() -> Api.check(key, "any", "198.51.100.7") == 403);
    }

    @Test
    void whatIsBeingFetchedForAListThatIsRemovedIsNotKeptForItsSuccessor() {
        var key = Api.gatewayKey("successor");
        server.publish("/former", "\"1\"", "203.0.113.0/24\n");
        server.publish("/list", "\"1\"", "198.51.100.0/24\n");
        var release = server.hold("/former");
        lists.subscribe("successor", "list", Map.of("url", server.url("/former")))
                .statusCode(201);
        await().atMost(SOON).until(() -> server.asked("/former") == 1);
        Api.as("operator")
                .delete("/api/v1/blocklists/list?application=successor")
                .then()
                .statusCode(204);
        unhurried.subscribe("successor", "list", Map.of()).statusCode(201);

        release.countDown();

        await().atMost(SOON).until(() -> Api.check(key, "any", "198.51.100.7") == 403);
        assertThat(Api.check(key, "any", "203.0.113.7")).isEqualTo(200);
    }

    @Test
    void whoeverAsksForAListDuringAnAttemptGetsAnotherOne() {
        server.fail("/list", 503);
        var release = server.hold("/list");
        lists.subscribe("hurried", "list", Map.of()).statusCode(201);
        await().atMost(SOON).until(() -> server.asked("/list") == 1);
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        unhurried.refresh("hurried", "list");

        release.countDown();

        await().atMost(SOON).untilAsserted(() -> lists.get("hurried", "list").body("state", equalTo("current")));
    }

    @Test
    void stricterTermsHoldForAListThatDidNotChange() {
        server.publish("/list", "\"1\"", "203.0.113.0/24\n198.51.100.0/24\n");
        lists.subscribe("stricter", "list", Map.of()).statusCode(201);
        await().atMost(SOON).untilAsserted(() -> lists.get("stricter", "list").body("state", equalTo("current")));

        lists.subscribe("stricter", "list", Map.of("maxEntries", 1)).statusCode(200);

        await().atMost(SOON).untilAsserted(() -> lists.get("stricter", "list").body("state", equalTo("failing")));
    }

    @Test
    void aSourceThatCannotBeAskedFailsTheList() {
        server.redirect("/list", 302, "http://203.0.113.7:99999/list");

        lists.subscribe("no-port", "list", Map.of()).statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> lists.get("no-port", "list")
                        .body("state", equalTo("failing"))
                        .body("failures", equalTo(1)));
    }

    @Test
    void whateverASourceSaysItsFailureIsTold() throws IOException {
        try (var garbled = new RawSource("HTTP/1.1 2\0 what\r\n\r\n")) {
            lists.subscribe("garbled", "list", Map.of("url", garbled.url())).statusCode(201);

            await().atMost(SOON)
                    .untilAsserted(() -> lists.get("garbled", "list")
                            .body("state", equalTo("failing"))
                            .body("failure", containsString("cannot be reached")));
        }
    }

    @Test
    void noListWaitsForASilentSource() {
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        var release = server.hold("/silent");
        unhurried
                .subscribe("silent", "list", Map.of("url", server.url("/silent")))
                .statusCode(201);
        await().atMost(SOON).until(() -> server.asked("/silent") == 1);

        unhurried.subscribe("other-source", "list", Map.of()).statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> lists.get("other-source", "list").body("state", equalTo("current")));
        release.countDown();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
