package io.bulwark.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The module's database as its superuser: to look behind a service's back, and to tamper there. */
public final class TestDatabase {
    private TestDatabase() {}

    public static Connection asSuperuser() throws SQLException {
        return DriverManager.getConnection(
                url(), TestSettings.get(TestSettings.SUPERUSER), TestSettings.get(TestSettings.SUPERUSER_PASSWORD));
    }

    /** Its JDBC URL. */
    public static String url() {
        return TestSettings.get(TestSettings.DATABASE_URL);
    }

    /** The password of {@code bulwark_dump}, the role that a backup reads with. */
    public static String dumpPassword() {
        return TestSettings.get(TestSettings.DUMP_PASSWORD);
    }
}
