package io.bulwark.backup.run;

/** Why there is no backup, or why one no longer counts. */
final class RunFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Step step;
    private final boolean conclusive;

    private RunFailed(Step step, String reason, boolean conclusive) {
        super(reason, null, false, false);
        this.step = step;
        this.conclusive = conclusive;
    }

    /** @param reason one line, for people, without secrets */
    static RunFailed at(Step step, String reason) {
        return new RunFailed(step, reason, true);
    }

    /** It could not be read back this time, which says nothing of what is stored. */
    static RunFailed unread(String reason) {
        return new RunFailed(Step.VERIFY, reason, false);
    }

    Step step() {
        return step;
    }

    String reason() {
        return getMessage();
    }

    boolean isConclusive() {
        return conclusive;
    }
}
