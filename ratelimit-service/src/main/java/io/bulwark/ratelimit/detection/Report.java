package io.bulwark.ratelimit.detection;

import io.bulwark.events.Envelope;
import org.jspecify.annotations.Nullable;

/**
 * What somebody reported that a client did wrong.
 *
 * @param address an address; of a flood also a network
 * @param account as whom; known of sign-ins only
 * @param userId whose account that is, where it exists
 */
record Report(
        Misdeed.Kind kind,
        String address,
        int count,
        @Nullable String account,
        @Nullable String userId,
        Envelope envelope) {}
