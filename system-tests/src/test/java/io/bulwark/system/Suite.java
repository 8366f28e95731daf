package io.bulwark.system;

import io.bulwark.localstack.LocalStack;
import io.bulwark.localstack.SuiteService;
import io.bulwark.testkit.KafkaClients;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The running suite: started by the first test that needs it, on free ports, and shared by all. */
final class Suite {
    static final Path ROOT = Path.of(System.getProperty("bulwark.root"));
    static final Path HOME =
            Path.of("target/stack-" + ProcessHandle.current().pid()).toAbsolutePath();
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(3);
    private static final Map<String, HeldToken> TOKENS = new ConcurrentHashMap<>();

    private Suite() {}

    private record HeldToken(String token, long fetchedNanos) {}

    private static final class Holder {
        static final LocalStack STACK = start();

        private static LocalStack start() {
            var stack = LocalStack.plan(ROOT).home(HOME).freePorts().start();

            Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
            KafkaClients.connectTo(stack.kafka().access());
            return stack;
        }
    }

    static LocalStack stack() {
        return Holder.STACK;
    }

    static String url(SuiteService service) {
        return stack().url(service).toString();
    }

    /** A request to a service without a token. */
    static RequestSpecification to(SuiteService service) {
        return RestAssured.given()
                .config(RestAssured.config()
                        .httpClient(HttpClientConfig.httpClientConfig()
                                .setParam("http.connection.timeout", 3_000)
                                .setParam("http.socket.timeout", 30_000)))
                .baseUri(url(service))
                .contentType(ContentType.JSON);
    }

    /** A request to a service by a machine with this role. */
    static RequestSpecification to(SuiteService service, String role) {
        return to(service).header("Authorization", "Bearer " + token(role));
    }

    static String token(String role) {
        return TOKENS.compute(
                        role,
                        (r, held) -> held == null || System.nanoTime() - held.fetchedNanos() > TOKEN_LIFE.toNanos()
                                ? new HeldToken(stack().token(r), System.nanoTime())
                                : held)
                .token();
    }

    /** Tokens that were revoked on purpose are fetched anew. */
    static void forgetTokens() {
        TOKENS.clear();
    }

    static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
    }
}
