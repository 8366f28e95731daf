/** The Merkle log: takes in every event of every topic, stores it once, and proves what it holds. */
@NullMarked
package io.bulwark.audit.log;

import org.jspecify.annotations.NullMarked;
