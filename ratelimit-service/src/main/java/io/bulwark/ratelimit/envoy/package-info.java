/** Envoy's rate limit and authorization services over gRPC, with the limits that envoyproxy/ratelimit reads from YAML. */
@NullMarked
package io.bulwark.ratelimit.envoy;

import org.jspecify.annotations.NullMarked;
