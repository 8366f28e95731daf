/** People: their roles, passwords, lockouts, and the end of their access. */
@NullMarked
package io.bulwark.auth.account;

import org.jspecify.annotations.NullMarked;
