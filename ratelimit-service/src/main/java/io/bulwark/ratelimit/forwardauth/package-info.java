/** Decisions over HTTP for gateways that ask by status: nginx, Traefik, Caddy, APISIX, HAProxy, Envoy. */
@NullMarked
package io.bulwark.ratelimit.forwardauth;

import org.jspecify.annotations.NullMarked;
