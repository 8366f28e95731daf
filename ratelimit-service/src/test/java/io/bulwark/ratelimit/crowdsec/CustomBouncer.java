package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.ForeignProgram;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Debian's crowdsec-custom-bouncer with the configuration that the project ships, while it runs; it notes what it is told. */
public final class CustomBouncer implements AutoCloseable {
    private static final Path SHIPPED =
            Path.of(System.getProperty("bulwark.root"), "deploy/gateways/crowdsec/bouncer.yaml");

    private final ForeignProgram program;
    private final Path seen;

    private CustomBouncer(ForeignProgram program, Path seen) {
        this.program = program;
        this.seen = seen;
    }

    /** @param key of a gateway */
    public static CustomBouncer start(Path folder, String key) throws IOException, InterruptedException {
        ForeignProgram.require(
                List.of("crowdsec-custom-bouncer", "-version"), "apt-get", "install", "-y", "crowdsec-custom-bouncer");
        var seen = folder.resolve("seen");
        var sink = Files.writeString(folder.resolve("sink"), "#!/bin/sh\nexec cat >>'" + seen + "'\n");
        Files.setPosixFilePermissions(sink, PosixFilePermissions.fromString("rwx------"));
        var config = Files.writeString(
                folder.resolve("bouncer.yaml"),
                Files.readString(SHIPPED)
                        .replace("${BIN_PATH}", sink.toString())
                        .replace("${API_URL}", "http://127.0.0.1:" + RestAssured.port)
                        .replace("${API_KEY}", key)
                        .replace("${PID_DIR}", folder.toString()));
        return new CustomBouncer(
                ForeignProgram.start(folder, Map.of(), "crowdsec-custom-bouncer", "-c", config.toString()), seen);
    }

    /** @param action {@code add} or {@code del} */
    public void awaitTold(String action, String value) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Files.exists(seen) ? Files.readAllLines(seen) : List.<String>of())
                        .as(program.output())
                        .anyMatch(line ->
                                line.contains("\"" + value + "\"") && line.contains("\"action\":\"" + action + "\"")));
    }

    @Override
    public void close() {
        program.close();
    }
}
