/** Sessions and the family of refresh tokens that keeps each alive. */
@NullMarked
package io.bulwark.auth.session;

import org.jspecify.annotations.NullMarked;
