package io.bulwark.ratelimit;

import static io.bulwark.ratelimit.Api.SOON;
import static org.awaitility.Awaitility.await;

import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What has run its time ends, even where the database refuses to end another of its kind. */
@SuiteTest
class ExpiryTest {
    private static final String REFUSE = """
            create function ratelimit.refuse() returns trigger language plpgsql as $$
                begin
                    if old.application = 'stuck' then
                        raise exception 'A test refuses';
                    end if;
                    return coalesce(new, old);
                end $$""";

    private Connection connection;

    @BeforeEach
    void prepare() throws SQLException {
        connection = TestDatabase.asSuperuser();
        execute(REFUSE);
    }

    @AfterEach
    void letGo() throws SQLException {
        execute("drop function ratelimit.refuse cascade");
        connection.close();
    }

    @Test
    void aBlock() throws SQLException {
        refuse("block");
        bothFor(application -> Api.block(Api.freshAddress(), application, "PT1S"));
        awaitEnd("block", "ended_at is null");
    }

    @Test
    void aGeoBlock() throws SQLException {
        refuse("geo_block");
        bothFor(application -> execute("""
                insert into ratelimit.geo_block (id, application, country, reason, author, blocked_at, until)
                values (gen_random_uuid(), '%s', 'NL', 'test', 'ann', now(), now())""".formatted(application)));
        awaitEnd("geo_block", "true");
    }

    @Test
    void anAllowance() throws SQLException {
        refuse("allowance");
        bothFor(application -> Api.as("operator")
                .body(Map.of("target", "203.0.113.9", "reason", "test", "application", application, "duration", "PT1S"))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(201));
        awaitEnd("allowance", "true");
    }

    @Test
    void aPosture() throws SQLException {
        bothFor(application -> Api.putPosture(application, """
                {"mode": "lockdown", "reason": "test", "duration": "PT1S"}""").statusCode(200));
        refuse("posture");
        awaitEnd("posture", "mode <> 'NORMAL'");
    }

    private interface Beginning {
        void of(String application) throws SQLException;
    }

    private static void bothFor(Beginning beginning) throws SQLException {
        for (var application : List.of("stuck", "free")) {
            beginning.of(application);
        }
    }

    private void refuse(String table) throws SQLException {
        execute("create trigger refuse before update or delete on ratelimit." + table
                + " for each row execute function ratelimit.refuse()");
    }

    private void awaitEnd(String table, String goesOn) {
        await().atMost(SOON).until(() -> applications(table, goesOn).equals(List.of("stuck")));
    }

    private List<String> applications(String table, String goesOn) throws SQLException {
        try (var query = connection.createStatement();
                var rows = query.executeQuery("select application from ratelimit." + table
                        + " where application in ('stuck', 'free') and " + goesOn)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
