/**
 * People, machines and their credentials: who signs in, with which roles, and until when a token holds. The suite's
 * OpenID Connect issuer, and the only writer of {@code revocations}.
 */
@NullMarked
package io.bulwark.auth;

import org.jspecify.annotations.NullMarked;
