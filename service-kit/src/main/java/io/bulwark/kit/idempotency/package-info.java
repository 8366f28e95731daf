/** A mutation that a client retries is done once. */
@NullMarked
package io.bulwark.kit.idempotency;

import org.jspecify.annotations.NullMarked;
