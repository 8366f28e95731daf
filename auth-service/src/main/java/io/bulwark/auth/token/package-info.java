/** Access tokens: issued, signed, published for others to check, refreshed, introspected, revoked, and checked here. */
@NullMarked
package io.bulwark.auth.token;

import org.jspecify.annotations.NullMarked;
