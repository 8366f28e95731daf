/** What stopped being valid: generation numbers and the events that tell of them. */
@NullMarked
package io.bulwark.auth.revocation;

import org.jspecify.annotations.NullMarked;
