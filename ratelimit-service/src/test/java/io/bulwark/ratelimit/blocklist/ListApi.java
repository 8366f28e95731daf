package io.bulwark.ratelimit.blocklist;

import io.bulwark.ratelimit.Api;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.Map;

/**
 * What an operator does with lists of one publisher.
 *
 * @param fetching is run when a list is due, for whoever does not wait until the service looks
 */
record ListApi(ListServer server, Runnable fetching) {
    ValidatableResponse subscribe(String application, String name, Map<String, Object> more) {
        var answer = Api.as("operator")
                .urlEncodingEnabled(false)
                .body(settings(more))
                .put("/api/v1/blocklists/" + name + "?application=" + application)
                .then();
        fetching.run();
        return answer;
    }

    Map<String, Object> settings(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of("url", server.url("/list"), "format", "plain"));
        settings.putAll(more);
        return settings;
    }

    void refresh(String application, String name) {
        Api.as("operator")
                .post("/api/v1/blocklists/" + name + "/refresh?application=" + application)
                .then()
                .statusCode(202);
        fetching.run();
    }

    ValidatableResponse get(String application, String name) {
        return Api.as("auditor")
                .get("/api/v1/blocklists/" + name + "?application=" + application)
                .then()
                .statusCode(200);
    }
}
