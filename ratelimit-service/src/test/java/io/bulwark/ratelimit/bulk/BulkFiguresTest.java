package io.bulwark.ratelimit.bulk;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Lists as long as they come, there and back. */
@SuiteTest
class BulkFiguresTest {
    private static final Logger LOG = Logger.getLogger(BulkFiguresTest.class);

    @Test
    void fiveThousandBlocksGoInAndComeOut() throws IOException {
        thereAndBack("five-thousand", 5_000);
    }

    /** A minute or two, so only among the long proofs. */
    @Test
    @EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
    void aHundredThousandBlocksGoInAndComeOut() throws IOException {
        thereAndBack("hundred-thousand", 100_000);
        // or the tests after this one would wait for their events behind these
        await().atMost(Duration.ofMinutes(3)).during(Duration.ofSeconds(10)).until(BulkFiguresTest::everythingIsTold);
    }

    private static void thereAndBack(String application, int count) throws IOException {
        var list = IntStream.range(0, count)
                .mapToObj(i -> "203." + (i >> 16 & 0xFF) + "." + (i >> 8 & 0xFF) + "." + (i & 0xFF))
                .collect(Collectors.joining("\n"));
        var query = "?reason=bulk&duration=P1D&application=" + application;
        var start = System.nanoTime();
        Imports.place("text/plain", query, list).body("placed", equalTo(count));
        var imported = since(start);

        start = System.nanoTime();
        Imports.place("text/plain", query, list).body("unchanged", equalTo(count));
        var repeated = since(start);

        start = System.nanoTime();
        var lines = 0;
        try (var body = export(application)) {
            for (var value = body.read(); value >= 0; value = body.read()) {
                lines += value == '\n' ? 1 : 0;
            }
        }
        LOG.infof(
                "%d blocks: imported in %d ms, imported again in %d ms, exported as CSV in %d ms",
                count, imported, repeated, since(start));
        assertThat(lines).isEqualTo(count + 1);
    }

    private static boolean everythingIsTold() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .anyMatch(line -> line.startsWith("bulwark_outbox_depth") && line.endsWith(" 0.0"));
    }

    private static InputStream export(String application) {
        return new BufferedInputStream(Api.as("auditor")
                .get("/api/v1/blocks/export?format=csv&application=" + application)
                .then()
                .statusCode(200)
                .extract()
                .asInputStream());
    }

    private static long since(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
}
