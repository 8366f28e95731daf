package io.bulwark.ratelimit.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class BlockListTest {
    @Test
    void theListFindsWhatCoversAnAddressAndWhatIsInForce() {
        var address = Api.freshAddress();
        var network = address.substring(0, address.lastIndexOf('.')) + ".0/24";
        var own = Api.block(address, "list", "PT1H");
        var wide = Api.block(network, "list", "PT1H");
        Api.as("responder").delete("/api/v1/blocks/" + own).then().statusCode(204);

        Api.as("auditor")
                .get("/api/v1/blocks?active=true&target=" + address)
                .then()
                .statusCode(200)
                .body("items.id", hasItem(wide))
                .body("items.id", not(hasItem(own)));
        Api.as("auditor")
                .get("/api/v1/blocks?active=false&target=" + address)
                .then()
                .body("items.id", hasItem(own))
                .body("items.find { it.id == '" + own + "' }.endedBy", notNullValue());
    }

    @Test
    void theListIsOfOneApplicationWhereItIsNamed() {
        var address = Api.freshAddress();
        var shop = Api.block(address, "listed-shop", "PT1H");
        Api.block(address, "listed-blog", "PT1H");

        Api.as("auditor")
                .get("/api/v1/blocks?application=listed-shop&active=true")
                .then()
                .statusCode(200)
                .body("items.id", contains(shop));
    }

    @Test
    void theCountIsThatOfTheBlocksInForce() {
        var before = active("");
        var id = Api.block(Api.freshAddress(), "counted", "PT1H");
        Api.block("198.19.7.0/24", "counted", "login", "PT1H");
        Api.block(Api.freshAddress(), "counted-too", "PT1H");
        await().until(() -> active("") >= before + 3);
        assertThat(active("?application=counted")).isEqualTo(2);
        assertThat(active("?application=counted-too")).isEqualTo(1);
        assertThat(active("?application=counted-never")).isZero();

        Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);

        await().until(() -> active("?application=counted") == 1);
        await().until(() -> active("") <= before + 2);
        Api.as("user").get("/api/v1/blocks/count").then().statusCode(403);
    }

    private static int active(String query) {
        return Api.as("auditor")
                .get("/api/v1/blocks/count" + query)
                .then()
                .statusCode(200)
                .extract()
                .path("active");
    }

    @Test
    void theListComesInPagesNewestFirst() {
        var network = "198.19.0.0/16";
        var first = Api.block("198.19.0.1", "pages", "PT1H");
        var second = Api.block("198.19.0.2", "pages", "PT1H");
        var page = "/api/v1/blocks?limit=1";

        var cursor = Api.as("operator")
                .get(page)
                .then()
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(second))
                .extract()
                .<String>path("nextCursor");

        Api.as("operator").get(page + "&cursor=" + cursor).then().body("items[0].id", equalTo(first));
        Api.as("operator")
                .get("/api/v1/blocks?limit=500&target=" + network)
                .then()
                .body("items.id", not(hasItem(first)))
                .body("nextCursor", nullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=501",
                "cursor=rubbish",
                "active=maybe",
                "target=example.com",
                "application=a%20b"
            })
    void badFiltersAreRefused(String query) {
        Api.as("auditor").get("/api/v1/blocks?" + query).then().statusCode(422).contentType("application/problem+json");
    }
}
