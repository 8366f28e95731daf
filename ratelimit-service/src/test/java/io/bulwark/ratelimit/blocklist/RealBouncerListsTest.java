package io.bulwark.ratelimit.blocklist;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.OperatorSettings;
import io.bulwark.ratelimit.crowdsec.CustomBouncer;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A bouncer of CrowdSec follows a list from its subscription to its end. */
@SuiteTest
@TestProfile(OperatorSettings.class)
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class RealBouncerListsTest {
    private static final String APPLICATION = "bouncer-lists";

    @TempDir
    Path folder;

    @Test
    void theCustomBouncerOfDebianFollowsAList() throws Exception {
        try (var server = new ListServer();
                var bouncer = CustomBouncer.start(folder, Api.gatewayKey(APPLICATION))) {
            server.publish("/drop", "\"1\"", "203.0.113.0/24\n198.51.100.9\n");
            Api.as("operator")
                    .body(Map.of("url", server.url("/drop"), "format", "plain"))
                    .put("/api/v1/blocklists/drop?application=" + APPLICATION)
                    .then()
                    .statusCode(201);
            bouncer.awaitTold("add", "203.0.113.0/24");
            bouncer.awaitTold("add", "198.51.100.9");

            server.publish("/drop", "\"2\"", "203.0.113.0/24\n192.0.2.7\n");
            Api.as("operator")
                    .post("/api/v1/blocklists/drop/refresh?application=" + APPLICATION)
                    .then()
                    .statusCode(202);
            bouncer.awaitTold("add", "192.0.2.7");
            bouncer.awaitTold("del", "198.51.100.9");

            Api.as("operator")
                    .delete("/api/v1/blocklists/drop?application=" + APPLICATION)
                    .then()
                    .statusCode(204);
            bouncer.awaitTold("del", "203.0.113.0/24");
        }
    }
}
