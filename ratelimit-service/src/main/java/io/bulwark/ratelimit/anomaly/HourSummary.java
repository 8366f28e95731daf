package io.bulwark.ratelimit.anomaly;

import java.util.Arrays;

/**
 * What remains of an hour of requests.
 *
 * @param median of the requests in its intervals
 * @param deviation the median of their absolute deviations from it (MAD)
 * @param ratio of the median to what was expected of the hour; NaN where nothing was
 */
record HourSummary(double median, double deviation, double ratio) {

    /** @param intervals requests in each interval of the hour */
    static HourSummary of(double[] intervals, double expected) {
        var median = median(intervals);
        var deviations =
                Arrays.stream(intervals).map(value -> Math.abs(value - median)).toArray();
        return new HourSummary(median, median(deviations), expected > 0 ? median / expected : Double.NaN);
    }

    /** Of one value at least. */
    static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
