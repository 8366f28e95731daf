package io.bulwark.audit.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.testkit.SuiteTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@SuiteTest
class LogScanTest {
    private static final int FIRST = 1_000_000;
    private static final int END = FIRST + 150;

    @Test
    void largestLeavesAndPayloadsAreReadInBoundedMemory() throws SQLException {
        try (var connection = connection("16M");
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setSchema("audit");
            statement.execute("""
                    insert into entry select i, decode(repeat('00', 65536), 'hex'), sha256(''),
                        case when i %% 10 = 0 then decode(repeat('00', 1000000), 'hex') end,
                        now(), 'topic', 'LogScanTest', i, 'type', 'shop', null, now(), null, null, '{}', null, null, null,
                        null, 1, repeat('x', 32768)
                    from generate_series(%d, %d) i""".formatted(FIRST, END - 1));
            var findings = new Findings();
            try (var scan = new LogScan(connection, null, null, findings)) {
                scan.run();
            }
            connection.rollback();
            assertThat(findings.count()).isGreaterThanOrEqualTo(END - FIRST);
        }
    }

    /** The driver fails where an answer exceeds what it may hold of one at a time. */
    private static Connection connection(String maxResultBuffer) throws SQLException {
        var config = ConfigProvider.getConfig();
        var url = config.getValue("quarkus.datasource.jdbc.url", String.class);
        return DriverManager.getConnection(
                url + (url.contains("?") ? "&" : "?") + "maxResultBuffer=" + maxResultBuffer,
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }
}
