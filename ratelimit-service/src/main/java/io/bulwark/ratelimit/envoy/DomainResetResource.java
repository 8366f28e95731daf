package io.bulwark.ratelimit.envoy;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static java.util.stream.Collectors.joining;

import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.envoy.DescriptorTree.Match;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.limit.Resets;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Gives limits of Envoy's rate limit domains back to whom they were used up for. */
@Path("/api/v1/envoy-domains/{domain}/reset")
@Tag(name = "Envoy domains")
class DomainResetResource {
    private final DomainTable table;
    private final Limits limits;
    private final Resets resets;
    private final AuditTrail trail;

    DomainResetResource(DomainTable table, Limits limits, Resets resets, AuditTrail trail) {
        this.table = table;
        this.limits = limits;
        this.resets = resets;
        this.trail = trail;
    }

    /** One of a descriptor's. */
    record DescriptorEntry(
            @NotNull @Size(min = 1, max = 256) String key,
            @NotNull @Size(max = 16_384) String value) {}

    /** As Envoy sends it. */
    record Descriptor(@NotEmpty @Size(max = 16) List<@NotNull @Valid DescriptorEntry> entries) {
        List<Entry> read() {
            return entries.stream()
                    .map(entry -> new Entry(entry.key(), entry.value()))
                    .toList();
        }
    }

    /** Whose limits are given back. What it says is hashed as a decision hashes it, and neither kept nor logged. */
    record ResetDescriptors(@NotEmpty @Size(max = 16) List<@NotNull @Valid Descriptor> descriptors) {
        /** Such as {@code path, remote_address}. */
        String keys() {
            return descriptors.stream()
                    .flatMap(descriptor -> descriptor.entries().stream())
                    .map(DescriptorEntry::key)
                    .distinct()
                    .sorted()
                    .collect(joining(", "));
        }
    }

    /** Gives back what was counted of these descriptors, on every replica moments later; of all of them, or of none. */
    @POST
    @Transactional
    @Audited("limits.reset")
    @RolesAllowed({RESPONDER, OPERATOR, ADMIN})
    @APIResponse(responseCode = "204", description = "Given back")
    public void reset(
            @PathParam("domain") @Pattern(regexp = EnvoyDomainResource.DOMAIN) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @NotNull @Valid ResetDescriptors whose) {
        var owner = Scope.application(application);
        trail.target(name).application(owner);
        var tree = table.find(owner, name);
        if (tree == null) {
            throw Problem.notFound("domain");
        }
        var matches = new ArrayList<Match>();
        for (var descriptor : whose.descriptors()) {
            var match = tree.find(descriptor.read());
            if (match == null) {
                throw Problem.invalid("descriptors", "no rule is for number " + matches.size());
            }
            matches.add(match);
        }
        trail.detail("descriptors", whose.keys());
        for (var match : matches) {
            var limit = match.rule().limit();
            if (limit != null) {
                resets.reset(limit, limits.key(limit, match.counted()));
            }
        }
    }
}
