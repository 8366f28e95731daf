package io.bulwark.ratelimit.decision;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.policy.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * May this request be served?
 *
 * @param client whose it is
 * @param endpoint null for none in particular
 * @param cost what it counts for; 0 only looks, {@link #USUAL_COST} leaves it to the limits
 * @param request what else it is known by
 * @param authenticated whether the gateway knows who the client is
 */
public record Question(
        Network client,
        String application,
        @Nullable String endpoint,
        long cost,
        Descriptors request,
        boolean authenticated) {
    /** The request does not say what it counts for. */
    public static final long USUAL_COST = -1;
}
