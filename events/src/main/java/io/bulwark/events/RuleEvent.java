package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * That a rule which decisions follow has become another: a policy, the posture, an allowance. The newest per key counts.
 * What the rule says now is read from ratelimit-service; who follows this topic knows when to look, and who changed it.
 */
public sealed interface RuleEvent extends SuiteEvent {
    /** What it is: {@code policy}, {@code posture}, {@code allowance}; a reader passes over kinds that it does not know. */
    String kind();

    /** The application whose requests it is for. */
    String application();

    /** Which of its kind and application: an endpoint, an address. */
    String name();

    /** Grows with every change of the rule; a lower one never overwrites a higher. */
    long version();

    @Override
    default Topic topic() {
        return Topic.DECISION_RULES;
    }

    @Override
    default String key() {
        return kind() + " " + application() + " " + name();
    }

    @Override
    default String subject() {
        return name();
    }

    /**
     * The rule is new or says something else.
     *
     * @param author who: a user id, or {@code ratelimit-service}
     */
    @EventType("io.bulwark.ratelimit.rule-changed.v1")
    record RuleChanged(String kind, String application, String name, String author, Instant changedAt, long version)
            implements RuleEvent {
        public RuleChanged {
            requireNonNull(kind, "kind");
            requireNonNull(application, "application");
            requireNonNull(name, "name");
            requireNonNull(author, "author");
            requireNonNull(changedAt, "changedAt");
        }
    }

    /**
     * The rule is gone.
     *
     * @param author who: a user id, or {@code ratelimit-service} where its time was over
     */
    @EventType("io.bulwark.ratelimit.rule-removed.v1")
    record RuleRemoved(String kind, String application, String name, String author, Instant removedAt, long version)
            implements RuleEvent {
        public RuleRemoved {
            requireNonNull(kind, "kind");
            requireNonNull(application, "application");
            requireNonNull(name, "name");
            requireNonNull(author, "author");
            requireNonNull(removedAt, "removedAt");
        }
    }
}
