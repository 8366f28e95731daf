package io.bulwark.localstack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path home;

    @Test
    void freshStartNeedsNothingOfAStateThatCannotBeRead() throws Exception {
        int base = Ports.freeBase(10);
        try (var taken = new ServerSocket(base + 1, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(home.resolve("state.json"), "{");

            assertThat(bulwark(base, "up", "-d", "--fresh"))
                    .contains("Port " + taken.getLocalPort() + " (auth-service) is taken");
        }
    }

    /** What it prints, in a process of its own: a supervisor leaves its last words to the end of it. */
    private String bulwark(int portBase, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Libraries.java(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dbulwark.root=" + Machine.ROOT,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("BULWARK_HOME", home.toString());
        builder.environment().put("BULWARK_PORT_BASE", Integer.toString(portBase));
        return new String(builder.start().getInputStream().readAllBytes(), UTF_8);
    }
}
