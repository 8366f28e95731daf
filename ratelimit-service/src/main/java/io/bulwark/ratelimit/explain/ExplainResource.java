package io.bulwark.ratelimit.explain;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import io.bulwark.ratelimit.allowlist.AllowTable;
import io.bulwark.ratelimit.allowlist.Allowance;
import io.bulwark.ratelimit.block.BlockView;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.blocklist.BlocklistTable;
import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.Decisions;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.decision.Reference;
import io.bulwark.ratelimit.detection.PlaceHistory;
import io.bulwark.ratelimit.envoy.DomainLimitState;
import io.bulwark.ratelimit.envoy.DomainTable;
import io.bulwark.ratelimit.geo.GeoBlock;
import io.bulwark.ratelimit.geo.GeoTable;
import io.bulwark.ratelimit.policy.LimitState;
import io.bulwark.ratelimit.policy.PolicyTable;
import io.bulwark.ratelimit.posture.PostureMode;
import io.bulwark.ratelimit.posture.PostureTable;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Answers people who ask why somebody is refused, or is not. */
@Path("/api/v1/explain")
@Tag(name = "Explain")
class ExplainResource {
    private static final int MOST = 100;

    private final Decisions decisions;
    private final AllowTable allowlist;
    private final PostureTable postures;
    private final Blocks blocks;
    private final BlocklistTable lists;
    private final GeoTable geo;
    private final PolicyTable policies;
    private final DomainTable domains;
    private final PlaceHistory history;
    private final InstantSource clock;

    ExplainResource(
            Decisions decisions,
            AllowTable allowlist,
            PostureTable postures,
            Blocks blocks,
            BlocklistTable lists,
            GeoTable geo,
            PolicyTable policies,
            DomainTable domains,
            PlaceHistory history,
            InstantSource clock) {
        this.decisions = decisions;
        this.allowlist = allowlist;
        this.postures = postures;
        this.blocks = blocks;
        this.lists = lists;
        this.geo = geo;
        this.policies = policies;
        this.domains = domains;
        this.history = history;
        this.clock = clock;
    }

    /** The refusal that a reference tells of. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusedRequest(String reason, @Nullable String endpoint, Instant at) {
        static RefusedRequest of(Reference reference) {
            return new RefusedRequest(
                    word(reference.outcome()), reference.scope().endpoint(), reference.at());
        }
    }

    /**
     * What it would be told.
     *
     * @param reason why it is refused; absent where it is allowed
     * @param policy the limit that refuses it, by name
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Verdict(
            boolean allowed,
            @Nullable String reason,
            @Nullable String policy,
            @Nullable Long retryAfterSeconds) {
        static Verdict of(Decision decision) {
            if (decision.allowed()) {
                return new Verdict(true, null, null, null);
            }
            var retry = decision.retryAfterSeconds();
            return new Verdict(false, word(decision.outcome()), null, retry == 0 ? null : retry);
        }

        static Verdict limited(LimitState limit) {
            return new Verdict(false, word(Outcome.LIMITED), limit.name(), null);
        }
    }

    /** An entry of the allowlist that is in force. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AllowlistEntry(
            Network target,
            @Nullable String endpoint,
            String reason,
            String author,
            @Nullable Instant until) {
        static AllowlistEntry of(Allowance allowance) {
            return new AllowlistEntry(
                    allowance.target(),
                    allowance.scope().endpoint(),
                    allowance.reason(),
                    allowance.author(),
                    allowance.until());
        }
    }

    /** Where it is is refused: a country, or an autonomous system such as {@code AS64500}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusedPlace(
            String place,
            @Nullable String endpoint,
            String reason,
            String author,
            @Nullable Instant until) {
        static RefusedPlace of(GeoBlock block) {
            return new RefusedPlace(
                    block.target().toString(), block.scope().endpoint(), block.reason(), block.author(), block.until());
        }
    }

    /** How the application stands to everybody. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Stance(
            PostureMode mode,
            String reason,
            String author,
            @Nullable Instant until) {}

    /**
     * Everything that is known of an address in an application.
     *
     * @param refused the refusal that was asked about; absent where an address was
     * @param now what it would be told now, where it is known at which endpoint; where it is not, whatever its limits say
     * @param posture absent where it is the usual one
     * @param blocks around it, newest first, those that ended within a week among them
     * @param lists subscribed blocklists that name it
     * @param whereabouts its country and autonomous system, where there are databases that know
     * @param places where it is and may not be
     * @param limits what it has left of each; of those that count by more than the address, what a request without that has
     * @param domainLimits what it has left of those of Envoy's domains that count by the address and nothing else
     * @param wrongs what it, or a network around it, did that policies count, newest first
     * @param conclusions what they concluded of it and of networks around it, newest first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Explanation(
            Network ip,
            String application,
            @Nullable RefusedRequest refused,
            Verdict now,
            List<AllowlistEntry> allowances,
            @Nullable Stance posture,
            List<BlockView> blocks,
            List<BlocklistTable.Listing> lists,
            GeoTable.Whereabouts whereabouts,
            List<RefusedPlace> places,
            List<LimitState> limits,
            List<DomainLimitState> domainLimits,
            List<PlaceHistory.Wrong> wrongs,
            List<PlaceHistory.Conclusion> conclusions) {}

    /** Either about an address and an application, the default one where absent, or about the refusal that a reference tells of. */
    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Explanation explain(
            @QueryParam("ip") @Nullable @Size(max = 64) String ip,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("endpoint") @Nullable @Pattern(regexp = Scope.ENDPOINT) String endpoint,
            @QueryParam("reference") @Nullable @Size(max = Reference.LONGEST) String reference) {
        if (ip != null && reference == null) {
            var address = RequestField.parse("ip", ip, Network::parseAddress);
            return explain(address, Scope.application(application), endpoint, null);
        }
        if (ip == null && reference != null) {
            var refused = refusal(reference);
            var scope = refused.scope();
            return explain(refused.client(), scope.application(), scope.endpoint(), RefusedRequest.of(refused));
        }
        throw Problem.invalid("ip", "either an ip or a reference is asked about");
    }

    private Explanation explain(
            Network address, String application, @Nullable String endpoint, @Nullable RefusedRequest refused) {
        var now = clock.instant();
        var posture = postures.find(application, now.toEpochMilli());
        var factor = posture == null ? 1 : posture.factor();
        // a refusal that names no endpoint was of a request that named none
        var refusing = endpoint == null && refused == null
                ? Optional.<LimitState>empty()
                : policies.refusing(address, application, endpoint, factor);
        return new Explanation(
                address,
                application,
                refused,
                verdict(decisions.screen(address, application, endpoint), refusing),
                allowlist.allowing(address, application).stream()
                        .map(AllowlistEntry::of)
                        .toList(),
                posture == null
                        ? null
                        : new Stance(posture.mode(), posture.reason(), posture.author(), posture.until()),
                blocks.around(address, application, MOST),
                lists.listings(address, application, now),
                geo.whereabouts(address),
                geo.refusing(address, application, now).stream()
                        .map(RefusedPlace::of)
                        .toList(),
                policies.states(address, application, factor),
                domains.states(address, application, factor),
                history.wrongs(address, application, MOST),
                history.conclusions(address, application, MOST));
    }

    private static Verdict verdict(@Nullable Decision settled, Optional<LimitState> refusing) {
        return settled == null
                ? refusing.map(Verdict::limited).orElseGet(() -> Verdict.of(Decision.ALLOWED))
                : Verdict.of(settled);
    }

    private static Reference refusal(String text) {
        try {
            return Reference.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("reference", "is no reference of a refusal");
        }
    }

    private static String word(Enum<?> outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
