package io.bulwark.ratelimit.envoy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.util.Optional;

/** Envoy's rate limit service. */
@ConfigMapping(prefix = "bulwark.ratelimit.envoy")
interface EnvoyConfig {
    /**
     * Where envoyproxy/ratelimit's YAML files are, a domain each ({@code *.yaml}, {@code *.yml}); looked at every
     * ten seconds. A file that is wrong keeps the service from starting; later it is told in the log, and the domains
     * known stay as they are. Absent: no domain has limits but those that operators put.
     */
    Optional<Path> directory();

    /** The application whose gateways these limits are for. */
    @WithDefault("default")
    @Size(min = 1, max = 64)
    String application();

    /**
     * The largest message about rate limits that is read, in bytes; as large as gRPC takes by default. A header may stand in
     * many descriptors: a client whose request makes a larger message is neither counted nor known to be blocked, and
     * {@code failure_mode_deny: false} would serve it.
     */
    @WithDefault("4194304")
    @Min(65_536)
    @Max(16_777_216)
    int maxMessageSize();

    /**
     * The largest message about authorization that is read, in bytes. Envoy sends all headers of a request, its path twice
     * and as much of its body as {@code with_request_body} says: a client whose request makes a larger one is not checked,
     * and {@code failure_mode_allow: true} would serve it.
     */
    @WithDefault("524288")
    @Min(65_536)
    @Max(8_388_608)
    int maxCheckSize();
}
