package io.bulwark.audit.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bulwark.audit.log.Head;
import io.bulwark.audit.log.LogDamaged;
import io.bulwark.audit.merkle.Hash;
import io.bulwark.audit.verification.Findings.Finding;
import io.bulwark.audit.verification.LogScan.ScanInterrupted;
import io.bulwark.audit.verification.LogScan.Seen;
import io.bulwark.kit.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The verifications of the log: one at a time, each remembered. */
@ApplicationScoped
class Verifications {
    /** A log of 100 million entries is read in well under this. */
    static final int LONGEST_SECONDS = 4 * 3600;

    private static final Logger LOG = Logger.getLogger(Verifications.class);
    private static final String SNAPSHOT = "set transaction isolation level repeatable read, read only";
    private static final String TRY_LOCK =
            "select pg_try_advisory_xact_lock(hashtextextended('audit.verification', 0))";
    private static final String INSERT = """
            insert into verification (started_at, finished_at, requested_by, size, root, finding_count, findings)
            values (?, ?, ?, ?, ?, ?, cast(? as jsonb))""";
    private static final String LATEST = """
            select started_at, finished_at, requested_by, size, root, finding_count, findings
            from verification order by id desc limit 1""";
    private static final String LARGEST_SOUND =
            "select size, root from verification where finding_count = 0 order by size desc, id desc limit 1";

    private final DataSource dataSource;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final MeterRegistry metrics;

    Verifications(DataSource dataSource, ObjectMapper json, InstantSource clock, MeterRegistry metrics) {
        this.dataSource = dataSource;
        this.json = json;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Reads the whole log as it stands now; appending goes on meanwhile.
     *
     * @throws VerificationRunning where one is under way, here or on another replica
     */
    @Transactional(Transactional.TxType.MANDATORY)
    Verification run(String requestedBy) throws SQLException {
        // A transaction of its own: a snapshot can only be asked for before the first query.
        var verification =
                QuarkusTransaction.requiringNew().timeout(LONGEST_SECONDS).call(() -> scan(requestedBy));
        metrics.counter("audit.verifications", "outcome", verification.ok() ? "ok" : "failed")
                .increment();
        if (!verification.ok()) {
            LOG.errorf(
                    "The audit log does not verify: %d findings, the first: %s",
                    verification.findingCount(), verification.findings().getFirst());
        }
        insert(verification);
        return verification;
    }

    Optional<Verification> latest() throws SQLException {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(LATEST);
                var row = query.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new Verification(
                    row.getObject(1, OffsetDateTime.class).toInstant(),
                    row.getObject(2, OffsetDateTime.class).toInstant(),
                    row.getString(3),
                    row.getLong(4),
                    HexFormat.of().formatHex(row.getBytes(5)),
                    row.getLong(6),
                    json.readValue(row.getString(7), new TypeReference<List<Finding>>() {})));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The stored findings are no JSON", e);
        }
    }

    private Verification scan(String requestedBy) {
        var startedAt = clock.instant();
        try (var connection = dataSource.getConnection()) {
            try (var statement = connection.createStatement()) {
                statement.execute(SNAPSHOT);
                try (var row = statement.executeQuery(TRY_LOCK)) {
                    row.next();
                    if (!row.getBoolean(1)) {
                        throw new VerificationRunning();
                    }
                }
            }
            var findings = new Findings();
            var head = head(connection, findings);
            try (var scan = new LogScan(connection, head, largestSound(connection, findings), findings)) {
                var seen = scan.run();
                return new Verification(
                        startedAt,
                        clock.instant(),
                        requestedBy,
                        seen.size(),
                        seen.root().toString(),
                        findings.count(),
                        findings.kept());
            }
        } catch (SQLException e) {
            throw new ScanInterrupted(e);
        }
    }

    private static @Nullable Head head(Connection connection, Findings findings) throws SQLException {
        try {
            return Head.read(connection);
        } catch (LogDamaged e) {
            findings.add(null, null, e.how());
            return null;
        }
    }

    private static @Nullable Seen largestSound(Connection connection, Findings findings) throws SQLException {
        try (var query = connection.prepareStatement(LARGEST_SOUND);
                var row = query.executeQuery()) {
            return row.next() ? new Seen(row.getLong(1), Hash.of(row.getBytes(2))) : null;
        } catch (IllegalArgumentException e) {
            findings.add(null, null, "an earlier verification cannot be read: " + e.getMessage());
            return null;
        }
    }

    private void insert(Verification verification) throws SQLException {
        try (var connection = dataSource.getConnection();
                var insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, verification.startedAt().atOffset(ZoneOffset.UTC));
            insert.setObject(2, verification.finishedAt().atOffset(ZoneOffset.UTC));
            insert.setString(3, verification.requestedBy());
            insert.setLong(4, verification.size());
            insert.setBytes(5, HexFormat.of().parseHex(verification.root()));
            insert.setLong(6, verification.findingCount());
            insert.setString(7, json.writeValueAsString(verification.findings()));
            insert.executeUpdate();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Findings cannot be written as JSON", e);
        }
    }

    /** Two readings at once would only slow each other. */
    static final class VerificationRunning extends Problem {
        private static final long serialVersionUID = 1L;

        VerificationRunning() {
            super(409, "verification-running", "A verification of the log is under way; GET shows its result");
        }
    }
}
