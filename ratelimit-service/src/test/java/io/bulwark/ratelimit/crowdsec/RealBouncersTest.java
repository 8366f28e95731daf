package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.ForeignProgram;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other people's bouncers see a block appear and disappear, with the configuration that the project ships. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class RealBouncersTest {
    private static final Path SHIPPED = Path.of(System.getProperty("bulwark.root"), "deploy/gateways/crowdsec");

    @TempDir
    Path folder;

    @Test
    void theCustomBouncerOfDebian() throws Exception {
        var key = Api.gatewayKey("custom-bouncer");
        var before = Api.freshAddress();
        Api.block(before, "custom-bouncer", "PT1H");

        try (var bouncer = CustomBouncer.start(folder, key)) {
            bouncer.awaitTold("add", before);
            var address = Api.freshAddress();
            var id = Api.block(address, "custom-bouncer", "PT1H");
            bouncer.awaitTold("add", address);
            Api.unblock(id);
            bouncer.awaitTold("del", address);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "stream"})
    void theNodeBouncer(String mode) throws Exception {
        var modules = Path.of("target/node-bouncer").toAbsolutePath();
        Files.createDirectories(modules);
        if (!Files.exists(modules.resolve("node_modules/@crowdsec/nodejs-bouncer"))) {
            ForeignProgram.require(
                    List.of(
                            "node",
                            "--input-type=module",
                            "-e",
                            "import '" + modules + "/node_modules/@crowdsec/nodejs-bouncer/dist/index.js'"),
                    "npm",
                    "install",
                    "--no-save",
                    "--prefix",
                    modules.toString(),
                    "@crowdsec/nodejs-bouncer@0.2.0");
        }
        var script = modules.resolve("node-bouncer.mjs");
        Files.writeString(script, Files.readString(SHIPPED.resolve("node-bouncer.mjs")));
        var application = "node-" + mode;
        var environment = Map.of("API_URL", url(), "API_KEY", Api.gatewayKey(application));
        var address = Api.freshAddress();

        try (var bouncer = ForeignProgram.start(folder, environment, "node", script.toString(), mode, address)) {
            awaitPrinted(bouncer, "bypass");
            var id = Api.block(address, application, "PT1H");
            awaitPrinted(bouncer, "bypass\nban");
            Api.unblock(id);
            awaitPrinted(bouncer, "bypass\nban\nbypass");
        }
    }

    private static void awaitPrinted(ForeignProgram bouncer, String printed) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(withoutLog(bouncer.output()))
                        .as(bouncer.output())
                        .isEqualTo(printed));
    }

    /** The Node bouncer logs JSON to where our script prints. */
    private static String withoutLog(String output) {
        return output.lines().filter(line -> !line.startsWith("{")).collect(Collectors.joining("\n"));
    }

    private static String url() {
        return "http://127.0.0.1:" + RestAssured.port;
    }
}
