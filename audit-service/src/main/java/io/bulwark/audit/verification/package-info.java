/** Reading the whole log again, to find and name whatever was changed behind its back. */
@NullMarked
package io.bulwark.audit.verification;

import org.jspecify.annotations.NullMarked;
