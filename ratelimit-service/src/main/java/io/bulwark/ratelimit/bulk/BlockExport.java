package io.bulwark.ratelimit.bulk;

import io.agroal.api.AgroalDataSource;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.bulk.ExportFormat.Exported;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes what is blocked now, as one state of it, in memory that does not grow with how much that is. */
@ApplicationScoped
public class BlockExport {
    private static final int FETCH = 1_000;
    private static final int PIECE = 16 * 1_024;
    private static final int AT_ONCE = 2;

    /** Who reads slowly is not cut off before the server closes any connection whose client says nothing. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** A database that does not know the parameter's type where it is null is told it. */
    private static final String IN_FORCE = """
            select target::text, reason, until, endpoint, application, remediation from block
            where ended_at is null and until > ? and (cast(? as text) is null or application = ?)
            order by block.target, application, endpoint""";

    private final AgroalDataSource dataSource;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(AT_ONCE);

    BlockExport(AgroalDataSource dataSource, InstantSource clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * Writes the list.
     *
     * @param pieces is given all but the last, which is returned
     * @param application whose blocks; null for all
     * @throws Problem 429, and nothing is written, where as many are written as may be at once: each holds a connection to
     *     the database
     */
    Buffer write(Consumer<Buffer> pieces, ExportFormat format, @Nullable String application) {
        if (!free.tryAcquire()) {
            throw new Problem(429, "exports-running", AT_ONCE + " lists are being written here")
                    .header("Retry-After", "5");
        }
        try {
            return QuarkusTransaction.requiringNew()
                    .timeout((int) LONGEST.toSeconds())
                    .call(() -> copy(pieces, format, application));
        } finally {
            free.release();
        }
    }

    private Buffer copy(Consumer<Buffer> pieces, ExportFormat format, @Nullable String application)
            throws SQLException {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(IN_FORCE)) {
            query.setFetchSize(FETCH);
            query.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            query.setString(2, application);
            query.setString(3, application);
            try (var rows = query.executeQuery()) {
                var text = new StringBuilder(format.begin());
                Exported before = null;
                while (rows.next()) {
                    var block = read(rows);
                    text.append(format.row(before, block));
                    before = block;
                    if (text.length() >= PIECE) {
                        pieces.accept(Buffer.buffer(text.toString()));
                        text.setLength(0);
                    }
                }
                return Buffer.buffer(text.append(format.end()).toString());
            }
        }
    }

    private static Exported read(ResultSet row) throws SQLException {
        return new Exported(
                Network.parse(row.getString(1)).toString(),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant().toString(),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }
}
