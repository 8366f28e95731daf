package io.bulwark.ratelimit.anomaly;

import io.bulwark.ratelimit.anomaly.SeasonalBaseline.Usual;

/**
 * How many requests in an interval are too many.
 *
 * @param score robust standard deviations above what is usual
 * @param ratio and so many times what is usual
 * @param minRequests and at least so many
 */
record AnomalyPolicy(double score, double ratio, long minRequests) {
    /** Nothing is more regular than this, whatever few weeks seem to say. */
    private static final double LEAST_DEVIATION = 0.1;

    /** @param score robust z-score of the requests; above the policy's where they exceed the threshold */
    record Judgement(double expected, double threshold, double score, boolean exceeds) {}

    Judgement judge(double requests, Usual usual) {
        // requests that come independently of each other vary by the root of their number (Poisson)
        var deviation = Math.max(
                Math.sqrt(usual.deviation() * usual.deviation() + usual.requests()),
                Math.max(1, LEAST_DEVIATION * usual.requests()));
        var threshold = Math.max(minRequests, Math.max(usual.requests() + score * deviation, usual.requests() * ratio));
        return new Judgement(
                usual.requests(), threshold, (requests - usual.requests()) / deviation, requests > threshold);
    }
}
