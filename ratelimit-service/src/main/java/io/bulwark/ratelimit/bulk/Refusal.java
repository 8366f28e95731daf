package io.bulwark.ratelimit.bulk;

import jakarta.persistence.Embeddable;

/**
 * An entry that was not placed.
 *
 * @param line its number, from 1 on; in a JSON array, which of the entries it is
 * @param message which field is wrong, and why
 */
@Embeddable
record Refusal(int line, String message) {}
