package io.bulwark.ratelimit.blocklist;

import static io.bulwark.ratelimit.Api.SOON;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.ratelimit.OwnSources;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a list while its source, or its operator, does something else. */
@SuiteTest
@TestProfile(OwnSources.class)
class BlocklistRefreshTest {

    private ListServer server;
    private ListApi lists;

    @BeforeEach
    void open() {
        server = new ListServer(); // the test is a bean, and one for all its methods
        lists = new ListApi(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aSourceThatCannotBeAskedFailsTheList() {
        server.redirect("/list", 302, "http://203.0.113.7:99999/list");

        lists.subscribe("no-port", "list", Map.of()).statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> lists.get("no-port", "list")
                        .body("state", equalTo("FAILING"))
                        .body("failures", equalTo(1)));
    }

    @Test
    void whateverASourceSaysItsFailureIsTold() throws IOException {
        try (var garbled = new RawSource("HTTP/1.1 2\0 what\r\n\r\n")) {
            lists.subscribe("garbled", "list", Map.of("url", garbled.url())).statusCode(201);

            await().atMost(SOON)
                    .untilAsserted(() -> lists.get("garbled", "list")
                            .body("state", equalTo("FAILING"))
                            .body("failure", containsString("cannot be reached")));
        }
    }

    @Test
    void noListWaitsForASilentSource() {
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        var release = server.hold("/silent");
        lists.subscribe("silent", "list", Map.of("url", server.url("/silent"))).statusCode(201);
        await().atMost(SOON).until(() -> server.asked("/silent") == 1);

        lists.subscribe("other-source", "list", Map.of()).statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> lists.get("other-source", "list").body("state", equalTo("CURRENT")));
        release.countDown();
    }
}
