package io.bulwark.ratelimit.anomaly;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.ratelimit.signin.PlainText;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whose requests are counted.
 *
 * @param endpoint empty where the whole application is meant
 * @param source by whom: the same request may be counted by both, and then is never added up
 */
record Series(String application, String endpoint, Source source) {
    /** The same on every replica. */
    static final Comparator<Series> ORDER = Comparator.comparing(Series::application)
            .thenComparing(Series::endpoint)
            .thenComparing(Series::source);

    enum Source {
        /** What gateways say of requests that were answered. */
        REPORTS,
        /** What this service was asked about. */
        DECISIONS;

        /** As it is stored. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** So many locks are enough for endpoints, of which one batch may name hundreds. */
    private static final int LOCKS = 128;

    /** As observations may name one: an index takes no key of any length. */
    private static final int LONGEST_ENDPOINT = 200;

    private static final String WHOLE_APPLICATION = "all";

    /** False for a name that nothing could be stored under, or told of. */
    static boolean isEndpoint(@Nullable String name) {
        return name == null || name.length() <= LONGEST_ENDPOINT && PlainText.isPlain(name);
    }

    static Series of(CloudEvent<RequestSummary> summary) {
        var endpoint = summary.data().endpoint();
        return new Series(summary.application(), endpoint == null ? "" : endpoint, Source.REPORTS);
    }

    /** Whoever judges it holds this; the same whoever counts, for an anomaly is told of once. */
    String lock() {
        return "rate-anomaly " + Math.floorMod((application + " " + endpoint).hashCode(), LOCKS);
    }

    @Nullable
    String endpointOrNull() {
        return endpoint.isEmpty() ? null : endpoint;
    }

    /** As it is shown. */
    String subject() {
        return endpoint.isEmpty() ? WHOLE_APPLICATION : endpoint;
    }
}
