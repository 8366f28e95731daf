package io.bulwark.testkit.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The definitions only: no engine runs them here. */
class ContainerServersTest {
    @Test
    void postgresIsToldWhatTheEmbeddedOneIs() {
        var container = ContainerServers.postgres("postgres", "secret", List.of("max_connections=250", "fsync=on"));

        assertThat(container.getCommandParts())
                .containsExactly("postgres", "-c", "max_connections=250", "-c", "fsync=on");
        assertThat(container.getUsername()).isEqualTo("postgres");
        assertThat(container.getPassword()).isEqualTo("secret");
        assertThat(container.getExposedPorts()).containsExactly(5432);
    }

    @Test
    void kafkaListensOnTheLoopbackPortThatItAdvertises() {
        var container = ContainerServers.kafka(19092, "node.id=1", "--add-scram");

        assertThat(container.getPortBindings()).containsExactly("127.0.0.1:19092:19092/tcp");
        assertThat(container.getCommandParts()[2])
                .contains("kafka-storage.sh format -t ", "@/tmp/bulwark-format.arguments && exec ");
    }

    @Test
    void theSecretsOfTheBrokerAreInNoCommandLine() {
        var container = ContainerServers.kafka(19092, "password=hidden", "password=hidden");

        assertThat(String.join(" ", container.getCommandParts())).doesNotContain("hidden");
        assertThat(container.getEnv()).noneMatch(variable -> variable.contains("hidden"));
    }
}
