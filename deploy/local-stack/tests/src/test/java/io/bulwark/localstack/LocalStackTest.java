package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackTest {
    @TempDir
    Path folder;

    @Test
    void takenPortIsNamedWithWhoWantsItAndWhoHasIt() throws Exception {
        int base = Ports.freeBase(10);
        try (var taken = new ServerSocket(base + 2, 1, InetAddress.getLoopbackAddress())) {
            var plan = LocalStack.plan(Machine.ROOT).home(folder).portBase(base);

            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(plan::start)
                    .isInstanceOf(StackFailure.class)
                    .hasMessageContaining("Port " + (base + 2) + " (ratelimit-service) is taken")
                    .hasMessageContaining("BULWARK_PORT_BASE")
                    .message()
                    .satisfies(line -> assertThat(line).doesNotContain("\n"));
        }
        assertThat(StackState.open(folder).processes()).isEmpty();
    }

    @Test
    void serviceThatCannotStartTakesTheServersDownWithIt() throws Exception {
        var root = Files.createDirectory(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("deploy"), Machine.ROOT.resolve("deploy"));
        var home = folder.resolve("home");
        var plan = LocalStack.plan(root).home(home).freePorts();

        assertThatThrownBy(plan::start).hasMessageContaining("auth-service is not built");

        assertThat(StackState.open(home).processes()).isEmpty();
        assertThat(plan.ports().values()).allMatch(Ports::free);
    }

    @Test
    void portBaseOutOfRangeIsRefused() {
        assertThatThrownBy(() -> StackPlan.portBaseOf("70000"))
                .hasMessageContaining("BULWARK_PORT_BASE must be from 1 to");
        assertThatThrownBy(() -> StackPlan.portBaseOf("many"))
                .hasMessageContaining("BULWARK_PORT_BASE is not a number: many");
    }
}
