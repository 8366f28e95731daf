package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedServersTest {
    @Test
    void whoAsksAgainInOneRunIsGivenTheSameServersWhichEndWithIt() throws Exception {
        var run = new ProcessBuilder("sleep", "600").start();
        Collection<StackState.Running> processes;
        try {
            var first = SharedServers.acquire(Machine.ROOT, run.toHandle());
            var second = SharedServers.acquire(Machine.ROOT, run.toHandle());

            assertThat(second.kafka().bootstrapServers())
                    .isEqualTo(first.kafka().bootstrapServers());
            assertThat(second.objectStore().endpoint())
                    .isEqualTo(first.objectStore().endpoint());
            try (var connection = second.postgres().connect(PostgresAccess.DATABASE, "auth")) {
                assertThat(connection.isValid(20)).isTrue();
            }
            processes = running(first);
            assertThat(processes).hasSize(4);

            Files.writeString(
                    first.objectStore().folder().resolveSibling(SharedServers.USER), Long.toString(run.pid()));
            assertThat(SharedServers.acquire(Machine.ROOT, run.toHandle())
                            .kafka()
                            .bootstrapServers())
                    .as("while another process has these")
                    .isNotEqualTo(first.kafka().bootstrapServers());
        } finally {
            run.destroyForcibly();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        processes.stream().noneMatch(process -> process.handle().isPresent()));
    }

    private static Collection<StackState.Running> running(SharedServers servers) {
        var home = servers.objectStore().folder().getParent();
        return StackState.find(home).map(StackState::processes).orElse(Map.of()).values();
    }
}
