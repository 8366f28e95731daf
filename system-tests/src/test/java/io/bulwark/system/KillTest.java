package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.AUDIT;
import static io.bulwark.localstack.SuiteService.AUTH;
import static io.bulwark.localstack.SuiteService.INCIDENT;
import static io.bulwark.localstack.SuiteService.RATELIMIT;
import static io.bulwark.system.Suite.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.localstack.SuiteService;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Every service, Kafka and PostgreSQL are killed by turns (SIGKILL) while blocks and failed sign-ins flow: each is in the
 * audit log once, none is missing, and the log still proves itself.
 */
class KillTest {
    private static final int VICTIMS = SuiteService.values().length + 2;
    private static final int SHARE = Boolean.getBoolean("bulwark.all") ? 700 : 200;
    private static final int BLOCKS = VICTIMS * SHARE;
    private static final int LOGINS = 100;
    private static final int CLIENTS = 4;
    private static final String APPLICATION = "kill";

    private final Semaphore permits = new Semaphore(0);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger refusedLogins = new AtomicInteger();
    private final AtomicInteger unansweredLogins = new AtomicInteger();

    @Test
    void nothingIsLostAndNothingIsDoneTwice() {
        Suite.token("responder");
        try (var clients = Executors.newFixedThreadPool(CLIENTS + 1)) {
            var flow = new ArrayList<CompletableFuture<Void>>();
            for (var i = 0; i < CLIENTS; i++) {
                flow.add(CompletableFuture.runAsync(this::placeBlocks, clients));
            }
            flow.add(CompletableFuture.runAsync(this::failToSignIn, clients));

            killByTurns();
            flow.forEach(CompletableFuture::join);
        }

        var blocked = awaitEntries("io.bulwark.ratelimit.ip-blocked.v1", BLOCKS);
        assertThat(blocked.stream().map(Entry::subject)).hasSize(BLOCKS).doesNotHaveDuplicates();
        assertThat(blocked.stream().map(Entry::eventId)).doesNotHaveDuplicates();
        var logins = awaitEntries("io.bulwark.auth.login-failed.v1", refusedLogins.get());
        assertThat(logins.size()).isBetween(refusedLogins.get(), refusedLogins.get() + unansweredLogins.get());
        // the first who asks may be given a connection that PostgreSQL took along
        Suite.eventually().ignoreExceptions().untilAsserted(KillTest::oneIncidentIsOpen);
        Suite.eventually().ignoreExceptions().untilAsserted(KillTest::theLogProvesItself);
        oneIncidentIsOpen(); // and no second came meanwhile
    }

    private static void oneIncidentIsOpen() {
        to(INCIDENT, "auditor")
                .get("/api/v1/incidents?application=" + APPLICATION)
                .then()
                .body("items.count { it.rule == 'blocked-addresses' }", equalTo(1));
    }

    private static void theLogProvesItself() {
        to(AUDIT, "auditor").post("/api/v1/verify").then().statusCode(200).body("ok", equalTo(true));
    }

    private void killByTurns() {
        var needed = EnumSet.of(AUTH, RATELIMIT); // by the flow itself
        for (var service : needed) {
            whileBlocksFlow(() -> {
                killAndRestart(service);
                Suite.stack().service(service).awaitReady();
            });
        }
        var others = EnumSet.complementOf(needed); // come up together
        others.forEach(service -> whileBlocksFlow(() -> killAndRestart(service)));
        others.forEach(service -> Suite.stack().service(service).awaitReady());
        whileBlocksFlow(() -> {
            Suite.stack().kafka().kill();
            Suite.stack().kafka().restart();
        });
        whileBlocksFlow(() -> {
            Suite.stack().postgres().kill();
            Suite.stack().postgres().restart();
        });
    }

    private static void killAndRestart(SuiteService service) {
        Suite.stack().service(service).kill();
        Suite.stack().service(service).restart();
    }

    /** Each victim falls in the middle of a share of the blocks. */
    private void whileBlocksFlow(Runnable kill) {
        var goal = placed.get() + SHARE / 4;
        permits.release(SHARE);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> placed.get() >= goal);
        kill.run();
    }

    private void placeBlocks() {
        for (var i = next.getAndIncrement(); i < BLOCKS; i = next.getAndIncrement()) {
            permits.acquireUninterruptibly();
            var target = "198.18." + i / 250 + "." + (i % 250 + 1);
            untilAnswered(() -> to(RATELIMIT)
                    .header("Authorization", "Bearer " + Suite.token("responder"))
                    .body(Map.of(
                            "target", target, "application", APPLICATION, "reason", "kill test", "duration", "PT1H"))
                    .post("/api/v1/blocks")
                    .statusCode());
            placed.incrementAndGet();
        }
    }

    private void failToSignIn() {
        for (var i = 0; i < LOGINS; i++) {
            try {
                var status = People.login(
                                "nobody-%d@kill.example".formatted(i), "no password of anybody", "198.19.0." + (i + 1))
                        .statusCode();
                (status == 401 ? refusedLogins : unansweredLogins).incrementAndGet();
            } catch (Exception e) {
                unansweredLogins.incrementAndGet();
            }
        }
    }

    private interface Call {
        int status();
    }

    /** As a client would: anything but an answer is tried again. */
    private static void untilAnswered(Call call) {
        while (true) {
            try {
                var status = call.status();
                if (status == 200 || status == 201) {
                    return;
                }
                assertThat(status).as("only away for a while").isIn(500, 503);
            } catch (Exception e) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private record Entry(String eventId, String subject) {}

    private static List<Entry> awaitEntries(String type, int count) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> entries(type), entries -> entries.size() >= count);
    }

    private static List<Entry> entries(String type) {
        var entries = new ArrayList<Entry>();
        String cursor = null;
        do {
            JsonPath page = to(AUDIT, "auditor")
                    .queryParam("type", type)
                    .queryParam("limit", 500)
                    .queryParams(cursor == null ? Map.of() : Map.of("cursor", cursor))
                    .get("/api/v1/entries")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            List<String> ids = page.getList("items.eventId");
            List<String> subjects = page.getList("items.subject");
            for (var i = 0; i < ids.size(); i++) {
                if (subjects.get(i).startsWith("198.1")) {
                    entries.add(new Entry(ids.get(i), subjects.get(i)));
                }
            }
            cursor = page.getString("nextCursor");
        } while (cursor != null);
        return entries;
    }
}
