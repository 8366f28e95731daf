package io.bulwark.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.audit.Tampering;
import io.bulwark.testkit.SuiteTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class LogMetricsTest {
    @Inject
    Log log;

    @ParameterizedTest
    @ValueSource(strings = {"update audit.head set root = ''", "delete from audit.head"})
    void serviceStartsOverALogWithoutAHeadForVerificationToNameIt(String change) throws SQLException {
        var registry = new SimpleMeterRegistry();
        try (var tampering = new Tampering()) {
            tampering.change(change);
            new LogMetrics(log, registry).start(new StartupEvent());
        }
        assertThat(registry.get("audit.tree.size").gauge().value()).isZero();
    }
}
