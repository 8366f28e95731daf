/**
 * Keeps the counts of all replicas together, and over a restart: each tells the others, through a topic of their own, what
 * it has counted since it last did.
 */
@NullMarked
package io.bulwark.ratelimit.replica;

import org.jspecify.annotations.NullMarked;
