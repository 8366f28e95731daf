package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.Session;

/** How often places were blocked lately. Takes part in the caller's transaction, and holds the rows it touches. */
@ApplicationScoped
class Offences {
    private static final String HOLD = """
            insert into offence as known (target, application, endpoint, count, until)
            values (cast(:target as cidr), :application, :endpoint, 0, :until)
            on conflict (target, application, endpoint) do update set count = known.count
            returning count, until""";

    private static final String KEEP = """
            update offence set count = :count, until = greatest(until, :until)
            where target = cast(:target as cidr) and application = :application
            and endpoint is not distinct from :endpoint""";

    private static final String FORGIVE = """
            delete from offence using block where block.id = :block and offence.target = block.target
            and offence.application = block.application and offence.endpoint is not distinct from block.endpoint""";

    private final Session entities;
    private final Database database;

    Offences(Session entities, Database database) {
        this.entities = entities;
        this.database = database;
    }

    /** @param until when the last block ends or ended */
    record Record(int count, Instant until) {}

    /** What is known of the place; nobody else learns or changes it until the transaction ends. */
    Record hold(Network target, Scope scope, Instant at) {
        var row = entities.createNativeQuery(HOLD, Record.class)
                .setTupleTransformer((values, names) -> new Record((Integer) values[0], (Instant) values[1]))
                .setParameter("target", target.toString())
                .setParameter("application", scope.application())
                .setParameter("endpoint", scope.endpoint(), String.class)
                .setParameter("until", at);
        return row.getSingleResult();
    }

    void keep(Network target, Scope scope, int count, Instant until) {
        entities.createNativeMutationQuery(KEEP)
                .setParameter("target", target.toString())
                .setParameter("application", scope.application())
                .setParameter("endpoint", scope.endpoint(), String.class)
                .setParameter("count", count)
                .setParameter("until", until)
                .executeUpdate();
    }

    /** A person ends the block: its place starts afresh. */
    void forgive(UUID block) {
        entities.createNativeMutationQuery(FORGIVE).setParameter("block", block).executeUpdate();
    }

    void prune(Instant before) {
        database.prune("offence", "until", before);
    }
}
