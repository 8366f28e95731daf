package io.bulwark.incident.detection;

import java.time.Instant;

/**
 * What an application answered in the stretches of time that ended at one moment.
 *
 * @param timedRequests those whose response times are known
 * @param totalMicros the sum of these response times in whole microseconds: exact, as all whole doubles below 2^53 are
 */
record Traffic(Instant until, long requests, long serverErrors, long timedRequests, double totalMicros) {
    static final Traffic NONE = new Traffic(Instant.EPOCH, 0, 0, 0, 0);

    Traffic and(Traffic other) {
        return new Traffic(
                until,
                requests + other.requests,
                serverErrors + other.serverErrors,
                timedRequests + other.timedRequests,
                totalMicros + other.totalMicros);
    }

    Traffic without(Traffic other) {
        return new Traffic(
                until,
                requests - other.requests,
                serverErrors - other.serverErrors,
                timedRequests - other.timedRequests,
                totalMicros - other.totalMicros);
    }
}
