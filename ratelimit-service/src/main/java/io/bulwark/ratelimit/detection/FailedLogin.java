package io.bulwark.ratelimit.detection;

import io.bulwark.events.Envelope;

/** A failed sign-in as somebody reported it. */
record FailedLogin(String address, Envelope envelope) {}
