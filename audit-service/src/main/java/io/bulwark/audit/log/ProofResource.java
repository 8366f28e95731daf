package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Hash;
import io.bulwark.audit.merkle.Tree;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Proofs by which anybody who noted a root can check the log without trusting it. Hashes are in hex. */
@Path("/api/v1/proofs")
class ProofResource {
    private static final String INDEX_OF =
            "select index from entry where event_id = ? and (cast(? as text) is null or source = ?) limit 2";

    private final DataSource dataSource;

    ProofResource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @param leafHash SHA-256 of a zero byte and the entry's {@code leaf} */
    record Inclusion(long index, long size, String leafHash, List<String> path, String root) {}

    record Consistency(long from, long to, String fromRoot, String toRoot, List<String> path) {}

    /**
     * That an entry is in the log.
     *
     * @param eventId names the entry instead of {@code index}; with {@code source} where several producers used the id
     * @param size of the tree that the proof is for; the whole log where absent
     */
    @GET
    @Path("/inclusion")
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN, Roles.OPERATOR, Roles.RESPONDER})
    public Inclusion inclusion(
            @RestQuery @PositiveOrZero @Nullable Long index,
            @RestQuery @Size(max = 1024) @Pattern(regexp = "\\P{Cc}*") @Nullable String eventId,
            @RestQuery @Size(max = 1024) @Pattern(regexp = "\\P{Cc}*") @Nullable String source,
            @RestQuery @Positive @Nullable Long size)
            throws SQLException {
        try (var connection = dataSource.getConnection()) {
            var tree = tree(connection, size, "size");
            long leaf = index != null ? index : indexOf(connection, eventId, source);
            if (leaf >= tree.size()) {
                throw Problem.notFound("entry in a tree of " + tree.size());
            }
            return new Inclusion(
                    leaf,
                    tree.size(),
                    tree.nodes().hash(0, leaf).toString(),
                    hex(tree.inclusionProof(leaf)),
                    tree.root().toString());
        }
    }

    /** That the log of size {@code to}, by default the whole, begins with all of the log of size {@code from}. */
    @GET
    @Path("/consistency")
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN, Roles.OPERATOR, Roles.RESPONDER})
    public Consistency consistency(@RestQuery @Positive @Nullable Long from, @RestQuery @Positive @Nullable Long to)
            throws SQLException {
        if (from == null) {
            throw Problem.invalid("from", "is missing");
        }
        try (var connection = dataSource.getConnection()) {
            var tree = tree(connection, to, "to");
            if (from > tree.size()) {
                throw Problem.invalid("from", "is beyond the tree of " + tree.size());
            }
            var old = new Tree(from, tree.nodes());
            return new Consistency(
                    from, tree.size(), old.root().toString(), tree.root().toString(), hex(tree.consistencyProof(from)));
        }
    }

    private static Tree tree(Connection connection, @Nullable Long size, String field) throws SQLException {
        long whole = Head.read(connection).size();
        if (size != null && size > whole) {
            throw Problem.invalid(field, "is beyond the log of " + whole);
        }
        return new Tree(Objects.requireNonNullElse(size, whole), new StoredNodes(connection));
    }

    private static long indexOf(Connection connection, @Nullable String eventId, @Nullable String source)
            throws SQLException {
        if (eventId == null) {
            throw Problem.invalid("index", "is missing, and eventId too");
        }
        try (var query = connection.prepareStatement(INDEX_OF)) {
            query.setString(1, eventId);
            query.setString(2, source);
            query.setString(3, source);
            try (var rows = query.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("entry");
                }
                long index = rows.getLong(1);
                if (rows.next()) {
                    throw Problem.invalid("source", "is needed: several producers used this eventId");
                }
                return index;
            }
        }
    }

    private static List<String> hex(List<Hash> path) {
        return path.stream().map(Hash::toString).toList();
    }
}
