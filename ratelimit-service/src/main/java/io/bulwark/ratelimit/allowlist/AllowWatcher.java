package io.bulwark.ratelimit.allowlist;

import java.util.List;

/** Told of the allowlist whenever it was read: at the start, and when it changes. */
public interface AllowWatcher {
    void readAllowances(List<Allowance> inForce);
}
