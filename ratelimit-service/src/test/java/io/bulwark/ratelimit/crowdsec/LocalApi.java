package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.ForeignProgram;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** CrowdSec's own Local API, of Debian's package, while it runs. */
final class LocalApi implements AutoCloseable {
    static final String KEY = "the-key-of-a-bouncer";

    private static final Path UNPACKED = Path.of("target/crowdsec").toAbsolutePath();
    private static final String CSCLI = UNPACKED.resolve("usr/bin/cscli").toString();

    private final Path folder;
    private final int port;
    private final ForeignProgram program;

    private LocalApi(Path folder, int port, ForeignProgram program) {
        this.folder = folder;
        this.port = port;
        this.program = program;
    }

    /** Unpacked and not installed: what the package does when it is installed needs their central service. */
    static LocalApi start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(UNPACKED);
        ForeignProgram.require(
                List.of(CSCLI, "version"),
                "sh",
                "-c",
                "cd '" + UNPACKED + "' && apt-get download crowdsec && dpkg -x crowdsec_*.deb .");
        var port = freePort();
        for (var directory : List.of("etc", "data", "hub", "notifications", "plugins")) {
            Files.createDirectories(folder.resolve(directory));
        }
        for (var file : List.of("profiles.yaml", "simulation.yaml", "acquis.yaml")) {
            Files.copy(
                    UNPACKED.resolve("etc/crowdsec").resolve(file),
                    folder.resolve("etc").resolve(file));
        }
        Files.writeString(folder.resolve("etc/console.yaml"), "");
        Files.writeString(folder.resolve("etc/credentials.yaml"), "");
        Files.writeString(folder.resolve("hub/.index.json"), "{}");
        Files.writeString(folder.resolve("lapi.yaml"), configuration().replace("${PORT}", Integer.toString(port)));
        var api = new LocalApi(folder, port, null);
        api.cscli("machines", "add", "tester", "--password", "for-this-test", "-f", "etc/credentials.yaml");
        api.cscli("bouncers", "add", "tester", "-k", KEY);
        return new LocalApi(
                folder,
                port,
                ForeignProgram.start(
                        folder,
                        Map.of(),
                        UNPACKED.resolve("usr/bin/crowdsec").toString(),
                        "-c",
                        "lapi.yaml",
                        "-no-cs"));
    }

    int port() {
        return port;
    }

    String output() {
        return program.output();
    }

    void cscli(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(CSCLI, "-c", "lapi.yaml"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @Override
    public void close() {
        program.close();
    }

    private static String configuration() throws IOException {
        try (var file = LocalApi.class.getResourceAsStream("/crowdsec/lapi.yaml")) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
