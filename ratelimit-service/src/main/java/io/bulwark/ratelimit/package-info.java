/**
 * Decisions per request and blocks. A gateway asks about every request and is answered from memory ({@code decision});
 * what is blocked is decided by people ({@code block}), by incidents ({@code response}) or by counting failed sign-ins
 * ({@code detection}), stored in Postgres and told to every replica through the {@code ip-blocked} topic.
 */
@NullMarked
package io.bulwark.ratelimit;

import org.jspecify.annotations.NullMarked;
