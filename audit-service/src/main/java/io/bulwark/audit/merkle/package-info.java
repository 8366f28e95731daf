/** The Merkle tree of RFC 6962 and RFC 9162: hashing, growth and proofs. Knows no storage and no framework. */
@NullMarked
package io.bulwark.audit.merkle;

import org.jspecify.annotations.NullMarked;
