package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.detection.Misdeed.Kind;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.signin.AccountKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds attacks that no single place or account shows: many accounts from one place, many places against one account, many
 * places of one network. In the caller's transaction.
 */
@ApplicationScoped
class CrowdDetector {
    private final @Nullable CrowdPolicy stuffing;
    private final @Nullable CrowdPolicy spraying;
    private final @Nullable CrowdPolicy flood;
    private final int v4Prefix;
    private final int v6Prefix;
    private final SightingTable sightings;
    private final AttackReport report;
    private final Blocks blocks;
    private final TargetPolicy targets;

    CrowdDetector(
            DetectionConfig config, SightingTable sightings, AttackReport report, Blocks blocks, TargetPolicy targets) {
        stuffing = policy(CrowdPolicy.STUFFING, config.stuffing());
        spraying = policy(CrowdPolicy.SPRAYING, config.spraying());
        flood = policy(CrowdPolicy.FLOOD, config.distributedFlood());
        v4Prefix = config.distributedFlood().v4Prefix();
        v6Prefix = config.distributedFlood().v6Prefix();
        this.sightings = sightings;
        this.report = report;
        this.blocks = blocks;
        this.targets = targets;
    }

    private static @Nullable CrowdPolicy policy(String name, DetectionConfig.Crowd config) {
        return config.enabled() ? CrowdPolicy.of(name, config) : null;
    }

    /**
     * What one batch adds to a group.
     *
     * @param place the place or the network that the group is about; null where that is an account
     */
    record Gathering(
            CrowdPolicy policy, @Nullable Network place, Map<String, Sighting> seen, Set<String> members, Tally tally) {
        static Gathering of(CrowdPolicy policy, @Nullable Network place, String member, Misdeed misdeed) {
            var sighting = Sighting.of(member, misdeed);
            var seen = new HashMap<String, Sighting>();
            seen.put(sighting.minute() + " " + member, sighting);
            return new Gathering(policy, place, seen, new HashSet<>(Set.of(member)), Tally.of(misdeed));
        }

        Gathering and(Gathering other) {
            other.seen.forEach((key, sighting) -> seen.merge(key, sighting, Sighting::and));
            members.addAll(other.members);
            return new Gathering(policy, place, seen, members, tally.and(other.tally));
        }
    }

    /** What a batch adds to each group; it is held before anything is decided. */
    Map<Group, Gathering> group(List<Misdeed> fresh) {
        var groups = new HashMap<Group, Gathering>();
        for (var misdeed : fresh) {
            var place = misdeed.place();
            if (!Misdeed.isOnePlace(place)
                    || targets.danger(place, misdeed.application()).isPresent()) {
                continue;
            }
            var account = misdeed.account();
            if (misdeed.kind() == Kind.LOGIN_FAILED && account != null) {
                var key = AccountKey.of(account);
                put(groups, stuffing, place.toString(), place, key, misdeed);
                put(groups, spraying, key, null, place.toString(), misdeed);
            }
            var network = place.masked(place.isIpv6() ? v6Prefix : v4Prefix);
            put(groups, flood, network.toString(), network, place.toString(), misdeed);
        }
        return groups;
    }

    private static void put(
            Map<Group, Gathering> groups,
            @Nullable CrowdPolicy policy,
            String subject,
            @Nullable Network place,
            String member,
            Misdeed misdeed) {
        if (policy != null) {
            groups.merge(
                    new Group(policy.name(), misdeed.application(), subject),
                    Gathering.of(policy, place, member, misdeed),
                    Gathering::and);
        }
    }

    void add(Map<Group, Gathering> groups) {
        var seen = new LinkedHashMap<Group, List<Sighting>>();
        groups.forEach((group, gathering) ->
                seen.put(group, List.copyOf(gathering.seen().values())));
        sightings.add(seen);
    }

    /** Whom to block. */
    List<TracedBlock> decide(Map<Group, Gathering> groups) {
        return Stream.of(stuffing, spraying, flood)
                .flatMap(Stream::ofNullable)
                .flatMap(policy -> crowded(policy, groups).stream())
                .sorted(Comparator.comparing(Group::toString))
                .flatMap(group -> decide(group, groups.get(group)))
                .toList();
    }

    private Set<Group> crowded(CrowdPolicy policy, Map<Group, Gathering> groups) {
        var wanted = new ArrayList<Group>();
        var after = new ArrayList<Instant>();
        var until = new ArrayList<Instant>();
        groups.forEach((group, gathering) -> {
            if (gathering.policy().equals(policy)) {
                wanted.add(group);
                after.add(gathering.tally().earliest().minus(policy.window()));
                until.add(gathering.tally().latest().plus(policy.window()));
            }
        });
        return wanted.isEmpty() ? Set.of() : sightings.crowded(policy.name(), wanted, after, until, policy.threshold());
    }

    /** Whoever was unblocked starts afresh: what led to that block does not count again. */
    private Stream<TracedBlock> decide(Group group, Gathering fresh) {
        var policy = fresh.policy();
        var tally = fresh.tally();
        var after = tally.earliest().minus(policy.window());
        var until = tally.latest().plus(policy.window());
        var seen = sightings.newest(group, after, until, policy.most(tally.rows()));
        var since = endOfBlock(group, fresh.place()).filter(after::isBefore).orElse(after);
        return policy.decide(seen, since, tally.earliest()).stream()
                .flatMap(span -> report.conclude(group, fresh, span, policy.evidence(seen, since, span.last())));
    }

    private Optional<Instant> endOfBlock(Group group, @Nullable Network place) {
        return place == null ? Optional.empty() : blocks.endOf(place, Scope.everything(group.application()));
    }
}
