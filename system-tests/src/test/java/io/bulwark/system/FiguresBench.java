package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.AUDIT;
import static io.bulwark.localstack.SuiteService.AUTH;
import static io.bulwark.localstack.SuiteService.INCIDENT;
import static io.bulwark.localstack.SuiteService.RATELIMIT;
import static io.bulwark.system.Suite.to;

import io.bulwark.localstack.SuiteService;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Measures what the README of {@code bench} tells; asserts nothing, since figures of shared machines prove nothing.
 * {@code ./bulwark bench} runs it.
 */
class FiguresBench {
    private static final int ATTACKS = 100;
    private static final int WARM_UP = 10;
    private static final int EVENTS = 30_000;
    private static final int ROUNDS = 5;
    private static final long POLL_NANOS = 2_000_000;

    @Test
    void fromTheDecidingPasswordToBlockAndIncident() {
        var blocks = new double[ATTACKS];
        var incidents = new double[ATTACKS];
        for (var i = -WARM_UP; i < ATTACKS; i++) {
            var attack = new Attack(i + WARM_UP);
            var block = attack.untilBlocked();
            var incident = attack.untilIncident();
            if (i >= 0) {
                blocks[i] = block;
                incidents[i] = incident;
            }
        }
        print("block in force, ms", blocks);
        print("incident open, ms", incidents);
    }

    @Test
    void eventsPerSecondThroughOutboxAndAudit() throws SQLException {
        var rates = new double[ROUNDS];
        for (var round = 0; round < ROUNDS; round++) {
            var before = size();
            insertEvents(round);
            var start = System.nanoTime();
            await(() -> size() >= before + EVENTS);
            rates[round] = EVENTS / ((System.nanoTime() - start) / 1e9);
        }
        print("events/s from outbox to audit log", rates);
    }

    @Test
    void residentMemory() throws IOException {
        for (var service : SuiteService.values()) {
            resident(service.application(), Suite.stack().service(service).pid());
        }
        resident("kafka", Suite.stack().kafka().pid());
    }

    /** One address that guesses at the door of one application. */
    private static final class Attack {
        private final String address;
        private final String application;
        private final String secret;
        private final String key;

        Attack(int number) {
            address = "100.64." + number / 250 + "." + (number % 250 + 1);
            application = "attacked-" + number;
            secret = to(AUTH, "admin")
                    .body(Map.of(
                            "clientId", application, "roles", new String[] {"service"}, "application", application))
                    .post("/api/v1/clients")
                    .path("secret");
            key = to(RATELIMIT, "admin")
                    .body(Map.of("name", application, "application", application))
                    .post("/api/v1/gateways")
                    .path("key");
        }

        double untilBlocked() {
            guess(4);
            var start = System.nanoTime();
            guess(1);
            await(() -> check().statusCode() == 403);
            return (System.nanoTime() - start) / 1e6;
        }

        double untilIncident() {
            guess(5);
            var start = System.nanoTime();
            guess(1);
            await(() -> !to(INCIDENT, "auditor")
                    .get("/api/v1/incidents?application=" + application)
                    .jsonPath()
                    .getList("items")
                    .isEmpty());
            return (System.nanoTime() - start) / 1e6;
        }

        private void guess(int times) {
            for (var i = 0; i < times; i++) {
                People.loginThrough(application, secret, "nobody@example.com", "no password of anybody", address);
            }
        }

        private Response check() {
            return to(RATELIMIT)
                    .header("X-Api-Key", key)
                    .header("X-Forwarded-For", address)
                    .get("/check/login");
        }
    }

    private static long size() {
        return to(AUDIT)
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("audit_tree_size"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** As Outbox.publish writes them, but all at once, so that the relay and not HTTP is measured. */
    private static void insertEvents(int round) throws SQLException {
        try (var connection = Suite.stack().postgres().access().connectAsSuperuser("bulwark");
                var insert = connection.prepareStatement("""
                        insert into ratelimit.outbox (id, topic, key, headers, value)
                        select gen_random_uuid(), 'audit-trail', 'bench-' || n % 100,
                               array['ce_specversion', '1.0', 'ce_id', gen_random_uuid()::text, 'ce_source', '/bulwark/bench',
                                     'ce_type', 'io.bulwark.audit.action-recorded.v1', 'ce_subject', 'bench',
                                     'ce_time', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                                     'ce_application', 'bench', 'content-type', 'application/json'],
                               convert_to('{"actorId":"bench-' || n % 100 || '","roles":["service"],"action":"bench.round",'
                                   || '"target":"' || n || '","outcome":"ALLOWED","details":{"round":"' || ? || '"},"count":1}', 'UTF8')
                        from generate_series(1, ?) as n""")) {
            insert.setString(1, Integer.toString(round));
            insert.setInt(2, EVENTS);
            insert.executeUpdate();
        }
    }

    private static void resident(String name, long pid) throws IOException {
        var status = Files.readString(Path.of("/proc/" + pid + "/status"));
        var kib = status.lines()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
        System.out.printf("FIGURE resident memory of %s: %d MiB%n", name, kib / 1024);
    }

    static void await(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    static void print(String what, double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "FIGURE %s: p50 %.0f, p99 %.0f, min %.0f, max %.0f, n %d%n",
                what,
                sorted[sorted.length / 2],
                sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
                sorted[0],
                sorted[sorted.length - 1],
                sorted.length);
    }
}
