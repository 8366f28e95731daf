package io.bulwark.ratelimit.envoy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is said of whom a request names, whatever the limits say: that it is served where one of them is on the allowlist,
 * or else refused where one is to be. Whoever is not named is nobody whom the application knows.
 */
final class Screening {
    private static final Screened OPEN = new Screened(null, List.of());

    private final BiFunction<Network, String, @Nullable Decision> clients;
    private final Function<String, @Nullable Decision> applications;

    /**
     * @param clients of an application; null where the limits decide
     * @param applications to whom is not named; null where the limits decide
     */
    Screening(
            BiFunction<Network, String, @Nullable Decision> clients,
            Function<String, @Nullable Decision> applications) {
        this.clients = clients;
        this.applications = applications;
    }

    /**
     * @param decision null where the limits decide
     * @param refusals of each descriptor, where it is refused; null for those that have no part in it
     */
    record Screened(@Nullable Decision decision, List<@Nullable Decision> refusals) {}

    Screened of(String application, RateLimitQuery query) {
        var refusals = new ArrayList<@Nullable Decision>(query.descriptors().size());
        Decision refusal = null;
        for (var descriptor : query.descriptors()) {
            Decision own = null;
            for (var entry : descriptor.entries()) {
                var decision = entry.client() == null ? null : about(entry.client(), application);
                if (decision != null && decision.allowed()) {
                    return new Screened(decision, List.of());
                }
                own = longer(own, decision);
            }
            refusal = longer(refusal, own);
            refusals.add(own);
        }
        if (refusal != null) {
            return new Screened(refusal, refusals);
        }
        var closed = applications.apply(application);
        return closed == null
                ? OPEN
                : new Screened(closed, Collections.nCopies(query.descriptors().size(), closed));
    }

    /** Null where the limits decide; of a network, where not the same is said of its first and its last address. */
    private @Nullable Decision about(Network client, String application) {
        if (client.isAddress()) {
            return clients.apply(client, application);
        }
        var first = clients.apply(Network.of(client.bytes()), application);
        var last = first == null ? null : clients.apply(client.last(), application);
        if (first == null || last == null || first.allowed() != last.allowed()) {
            return null;
        }
        return first.equals(longer(first, last)) ? last : first;
    }

    /** Without end is longest; who is to be refused is not let through after a captcha, however long that holds. */
    private static @Nullable Decision longer(@Nullable Decision one, @Nullable Decision other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        var challenged = one.outcome() == Outcome.CHALLENGED;
        if (challenged != (other.outcome() == Outcome.CHALLENGED)) {
            return challenged ? other : one;
        }
        return one.retryAfterSeconds() == 0
                        || one.retryAfterSeconds() >= other.retryAfterSeconds() && other.retryAfterSeconds() > 0
                ? one
                : other;
    }
}
