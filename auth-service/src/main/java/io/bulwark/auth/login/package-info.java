/** Signing in with e-mail address and password. */
@NullMarked
package io.bulwark.auth.login;

import org.jspecify.annotations.NullMarked;
