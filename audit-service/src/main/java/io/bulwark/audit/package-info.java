/**
 * The tamper-evident record of everything: stores every event of every topic once, in a Merkle log, answers who did
 * what, and proves that nothing was changed.
 */
@NullMarked
package io.bulwark.audit;

import org.jspecify.annotations.NullMarked;
