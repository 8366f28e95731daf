package io.bulwark.ratelimit.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {
    @Test
    void anEndpointIsAnyNameThatCanBeToldOf() {
        assertThat(Series.isEndpoint("GET /orders/{id}?\u00e4")).isTrue();
        assertThat(Series.isEndpoint(null)).as("the whole application").isTrue();
        assertThat(Series.isEndpoint("x".repeat(201))).isFalse();
    }

    /** No header of an event holds a control character, and no JSON half a surrogate pair. */
    @ParameterizedTest
    @ValueSource(strings = {"/orders\n", "/orders\0", "/orders\ud800"})
    void whatCannotBeToldOfIsNone(String name) {
        assertThat(Series.isEndpoint(name)).isFalse();
    }
}
