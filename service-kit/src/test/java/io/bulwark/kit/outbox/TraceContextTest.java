package io.bulwark.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void goesOnWithTheTraceThatAnEventCameWith() {
        try (var scope = TraceContext.continuing(TRACE)) {
            assertThat(TraceContext.current()).isEqualTo(TRACE);
        }
        assertThat(TraceContext.current()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz",
                "00-4bf92f3577b34da6a3ce929d0e0e473z-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bz-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"
            })
    void whatIsNoTraceIsIgnored(String traceparent) {
        try (var around = TraceContext.continuing(TRACE);
                var scope = TraceContext.continuing(traceparent)) {
            assertThat(TraceContext.current()).isEqualTo(TRACE);
        }
    }
}
