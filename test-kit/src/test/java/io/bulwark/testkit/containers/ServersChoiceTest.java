package io.bulwark.testkit.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.localstack.StackFailure;
import io.bulwark.localstack.TestServersElsewhere;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ServersChoiceTest {
    @Test
    void followsTheEngineWhereNobodySays() {
        assertThat(ServersChoice.containers(Map.of(), () -> true)).isTrue();
        assertThat(ServersChoice.containers(Map.of(), () -> false)).isFalse();
    }

    @Test
    void doesNotEvenAskTheEngineWhereTheEmbeddedServersAreWanted() {
        assertThat(ServersChoice.containers(told("embedded"), () -> {
                    throw new AssertionError("asked");
                }))
                .isFalse();
    }

    @Test
    void saysThatTheWantedEngineIsMissing() {
        assertThat(ServersChoice.containers(told("docker"), () -> true)).isTrue();
        assertThatThrownBy(() -> ServersChoice.containers(told("docker"), () -> false))
                .isInstanceOf(StackFailure.class)
                .hasMessage("BULWARK_TEST_SERVERS=docker, but no Docker engine of this machine answers");
    }

    @Test
    void refusesAnythingElse() {
        assertThatThrownBy(() -> ServersChoice.containers(told("podman"), () -> true))
                .hasMessage("BULWARK_TEST_SERVERS is embedded or docker, not podman");
    }

    @Test
    void isOfferedToTheSharedServers() {
        assertThat(ServiceLoader.load(TestServersElsewhere.class)).hasExactlyElementsOfTypes(ContainerServers.class);
    }

    private static Map<String, String> told(String servers) {
        return Map.of(ServersChoice.VARIABLE, servers);
    }
}
