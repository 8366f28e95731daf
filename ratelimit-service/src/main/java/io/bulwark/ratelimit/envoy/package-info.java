/** Envoy's rate limit service over gRPC, with the limits that envoyproxy/ratelimit reads from YAML. */
@NullMarked
package io.bulwark.ratelimit.envoy;

import org.jspecify.annotations.NullMarked;
