package io.bulwark.kit.outage;

import org.jboss.logging.Logger;

/** Tells of work that fails once, until it has succeeded again: what is tried every second needs no line every second. */
public final class Outage {
    private final Logger log;
    private final String what;
    private volatile boolean going;

    /** @param what fails, as a sentence: {@code "The ends of blocks cannot be told"} */
    public Outage(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    /** Whether the work succeeded; what it threw is told of and goes no further. */
    public boolean attempt(Runnable work) {
        try {
            work.run();
            going = false;
            return true;
        } catch (RuntimeException e) {
            if (!going) {
                log.warnf("%s; it is tried again: %s", what, e.getMessage());
            }
            going = true;
            return false;
        }
    }
}
