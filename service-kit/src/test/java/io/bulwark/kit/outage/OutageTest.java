package io.bulwark.kit.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageTest {
    private final java.util.logging.Logger backend = java.util.logging.Logger.getLogger("outage-test");
    private final List<String> told = new ArrayList<>();
    private final Outage outage = new Outage(Logger.getLogger("outage-test"), "Nothing can be done");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            told.add(logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        backend.addHandler(handler);
    }

    @AfterEach
    void leave() {
        backend.removeHandler(handler);
    }

    @Test
    void anOutageIsToldOfOnceAndTheNextOneToo() {
        assertThat(outage.attempt(OutageTest::fail)).isFalse();
        assertThat(outage.attempt(OutageTest::fail)).isFalse();
        assertThat(told).hasSize(1);

        assertThat(outage.attempt(() -> {})).isTrue();
        assertThat(outage.attempt(OutageTest::fail)).isFalse();
        assertThat(told).hasSize(2);
    }

    private static void fail() {
        throw new IllegalStateException("away");
    }
}
