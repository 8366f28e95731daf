package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedServersTest {
    @Test
    void secondToAskIsGivenTheServersOfTheFirst() throws Exception {
        var first = SharedServers.acquire(Machine.ROOT);
        var second = SharedServers.acquire(Machine.ROOT);

        assertThat(second.kafka().bootstrapServers()).isEqualTo(first.kafka().bootstrapServers());
        assertThat(second.objectStore().endpoint())
                .isEqualTo(first.objectStore().endpoint());
        try (var connection = second.postgres().connect(PostgresAccess.DATABASE, "auth")) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }
}
