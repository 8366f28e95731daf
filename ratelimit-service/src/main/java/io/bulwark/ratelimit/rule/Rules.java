package io.bulwark.ratelimit.rule;

import io.bulwark.events.RuleEvent;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;

/** Announces changes of rules, in the transaction that makes them; whoever calls holds the rule's row. */
@ApplicationScoped
public class Rules {
    /** Who changes rules where no person does. */
    public static final String SERVICE = "ratelimit-service";

    private final Database database;
    private final Outbox outbox;
    private final InstantSource clock;

    Rules(Database database, Outbox outbox, InstantSource clock) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * The rule is new or says something else.
     *
     * @param name which of its kind and application
     * @param author a user or client id, or the service itself
     * @return its version: higher than any before, of one of the same name that was removed too
     */
    public long changed(RuleKind kind, String application, String name, String author) {
        var version = nextVersion();
        announce(new RuleChanged(kind.word(), application, name, author, clock.instant(), version));
        return version;
    }

    /** The rule is gone. */
    public void removed(RuleKind kind, String application, String name, String author) {
        announce(new RuleRemoved(kind.word(), application, name, author, clock.instant(), nextVersion()));
    }

    private void announce(RuleEvent event) {
        outbox.publish(event, event.application());
    }

    /** From one sequence for all: a rule that is removed and made anew goes on from where it was. */
    private long nextVersion() {
        return database.query("select nextval('rule_version')", row -> row.getLong(1))
                .getFirst();
    }
}
