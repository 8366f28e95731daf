package io.bulwark.ratelimit.observation;

import io.bulwark.kit.net.Network;
import java.time.Instant;

/**
 * One request as an access log tells it.
 *
 * @param target what was asked for: a path with its query, or an absolute URI
 * @param status 0 where no answer was sent
 * @param millis from the first byte of the request to the last of the answer
 */
record LogLine(Network client, Instant time, String target, int status, double millis) {}
