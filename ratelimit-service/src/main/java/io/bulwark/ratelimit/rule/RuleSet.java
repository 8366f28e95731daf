package io.bulwark.ratelimit.rule;

/** The rules of one kind, in memory, as decisions read them. */
public interface RuleSet {
    RuleKind kind();

    /**
     * Replaces what is in memory by what Postgres holds, in one step. Runs in a transaction, beside other kinds but never on
     * two threads at once; if it throws, what was there stays in force and it is called again.
     */
    void reload();
}
