package io.bulwark.audit.entry;

import io.bulwark.audit.entry.EntryFilter.Condition;
import io.bulwark.audit.log.Entry;
import io.bulwark.audit.log.ListedEntry;
import io.bulwark.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The entries of the log, newest first: in the order in which they were appended, which nobody's clock can bend. */
@ApplicationScoped
public class Entries {
    private static final String QUERY_CANCELED = "57014";
    private static final int PATIENCE_SECONDS = 10;
    private static final String WHOLE = "select " + Entry.COLUMNS_AND_PAYLOAD + " from entry where index = ?";

    private final DataSource dataSource;

    Entries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * The newest entries that pass the filter.
     *
     * @param before index to begin below; null for the newest
     */
    public List<ListedEntry> find(EntryFilter filter, @Nullable Long before, int limit) throws SQLException {
        var alternatives = filter.alternatives(before);
        var sql = alternatives.stream()
                .map(Entries::select)
                .collect(
                        Collectors.joining(" union all ", "select * from (", ") as found order by index desc limit ?"));
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(sql)) {
            query.setQueryTimeout(PATIENCE_SECONDS);
            int at = 1;
            for (var conditions : alternatives) {
                for (var condition : conditions) {
                    query.setObject(at++, condition.parameter());
                }
                query.setInt(at++, limit);
            }
            query.setInt(at, limit);
            var found = new ArrayList<ListedEntry>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(ListedEntry.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            if (QUERY_CANCELED.equals(e.getSQLState())) {
                throw new SearchTooWide();
            }
            throw e;
        }
    }

    /** The entry at this index, with its payload. */
    Optional<Entry> at(long index) throws SQLException {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(WHOLE)) {
            query.setLong(1, index);
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(Entry.read(row)) : Optional.empty();
            }
        }
    }

    private static String select(List<Condition> conditions) {
        var where = conditions.isEmpty()
                ? ""
                : conditions.stream().map(Condition::sql).collect(Collectors.joining(" and ", " where ", ""));
        return "(select " + ListedEntry.COLUMNS + " from entry" + where + " order by index desc limit ?)";
    }

    /** Too many entries would have to be read. */
    static final class SearchTooWide extends Problem {
        private static final long serialVersionUID = 1L;

        SearchTooWide() {
            super(
                    422,
                    "search-too-wide",
                    "The search took longer than " + PATIENCE_SECONDS
                            + " s; narrow it by from and to, or by actor, action, target or type");
        }
    }
}
