package io.bulwark.ratelimit.detection;

import io.bulwark.events.EventIds;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.detection.Misdeed.Kind;
import io.bulwark.ratelimit.detection.MisdeedTable.Counted;
import io.bulwark.ratelimit.episode.Episode;
import io.bulwark.ratelimit.episode.Episode.Outcome;
import io.bulwark.ratelimit.episode.Episodes;
import io.bulwark.ratelimit.episode.Span;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts the misdeeds of each place and has it blocked at its policy's limit, in the caller's transaction. */
@ApplicationScoped
class CountDetector {
    /** Misdeeds mostly come in order, and then few older ones are needed. */
    private static final int LOOK_FURTHER = 8;

    private final Map<Kind, CountPolicy> policies = new EnumMap<>(Kind.class);
    private final MisdeedTable misdeeds;
    private final Offenders offenders;
    private final Episodes episodes;
    private final Blocks blocks;
    private final TargetPolicy targets;
    private final InstantSource clock;

    CountDetector(
            DetectionConfig config,
            MisdeedTable misdeeds,
            Offenders offenders,
            Episodes episodes,
            Blocks blocks,
            TargetPolicy targets,
            InstantSource clock) {
        put(Kind.LOGIN_FAILED, config.login(), CountPolicy.LOGIN, "failed-logins");
        put(Kind.WAF_BLOCKED, config.waf(), CountPolicy.WAF, "waf-blocked");
        put(Kind.ACCESS_DENIED, config.accessDenied(), CountPolicy.ACCESS_DENIED, "access-denied");
        put(Kind.FLOODED, config.flood(), CountPolicy.FLOOD, "flood-detected");
        this.misdeeds = misdeeds;
        this.offenders = offenders;
        this.episodes = episodes;
        this.blocks = blocks;
        this.targets = targets;
        this.clock = clock;
    }

    private void put(Kind kind, DetectionConfig.Counted config, String name, String reason) {
        if (config.enabled()) {
            policies.put(kind, CountPolicy.of(name, reason, config));
        }
    }

    /** What one batch says of a place. */
    record Counting(CountPolicy policy, Network place, Tally tally) {
        Counting and(Counting other) {
            return new Counting(policy, place, tally.and(other.tally));
        }
    }

    /** What a batch says of each place; it is held before anything is decided. */
    Map<Group, Counting> group(List<Misdeed> fresh) {
        var places = new HashMap<Group, Counting>();
        for (var misdeed : fresh) {
            policy(misdeed)
                    .ifPresent(policy -> places.merge(
                            Group.of(policy, misdeed.application(), misdeed.place()),
                            new Counting(policy, misdeed.place(), Tally.of(misdeed)),
                            Counting::and));
        }
        return places;
    }

    void add(List<Misdeed> fresh) {
        var counted = new ArrayList<Counted>();
        for (var misdeed : fresh) {
            policy(misdeed)
                    .ifPresent(policy -> counted.add(new Counted(
                            Group.of(policy, misdeed.application(), misdeed.place()), misdeed.at(), misdeed.count())));
        }
        misdeeds.add(counted);
        offenders.add(counted);
    }

    /** Those that are worth a closer look. */
    List<Group> possible(Map<Group, Counting> places) {
        var possible = new ArrayList<Group>();
        for (var policy : policies.values()) {
            var groups = places.keySet().stream()
                    .filter(group -> group.policy().equals(policy.name()))
                    .toList();
            var tallies =
                    groups.stream().map(group -> places.get(group).tally()).toList();
            if (!groups.isEmpty()) {
                possible.addAll(misdeeds.possible(
                        policy.name(),
                        groups,
                        tallies.stream()
                                .map(tally -> tally.earliest().minus(policy.window()))
                                .toList(),
                        tallies.stream()
                                .map(tally -> tally.latest().plus(policy.window()))
                                .toList(),
                        policy.limit()));
            }
        }
        return possible;
    }

    /** Whom to block. */
    Stream<TracedBlock> decide(Group group, Counting fresh) {
        if (targets.danger(fresh.place(), group.application()).isPresent()) {
            return Stream.empty();
        }
        return decided(group, fresh).stream().flatMap(span -> conclude(group, fresh, span));
    }

    private Optional<CountPolicy> policy(Misdeed misdeed) {
        return Optional.ofNullable(policies.get(misdeed.kind()));
    }

    private Stream<TracedBlock> conclude(Group group, Counting fresh, Span span) {
        var policy = fresh.policy();
        // one after the other, as if each had come alone: the first begins the block, the last makes it longer
        var orders = Stream.of(span.first(), span.last())
                .distinct()
                .map(at -> order(group, fresh, at))
                .filter(order -> !policy.shadow() && !order.isOver(clock.instant()))
                .map(order -> new TracedBlock(order, fresh.tally().trace()))
                .toList();
        var outcome = policy.shadow() ? Outcome.WATCHED : orders.isEmpty() ? Outcome.NOTED : Outcome.BLOCKED;
        var count = Math.max(policy.limit(), fresh.tally().misdeeds());
        episodes.begins(
                new Episode(
                        EventIds.next(),
                        policy.name(),
                        group.application(),
                        group.subject(),
                        span,
                        1,
                        count,
                        outcome,
                        clock.instant()),
                policy.window());
        return orders.stream();
    }

    /**
     * Only what is less than a window away from the fresh misdeeds can decide together with them. Whoever was unblocked
     * starts afresh: what led to that block does not count again.
     */
    private Optional<Span> decided(Group group, Counting fresh) {
        var after = fresh.tally().earliest().minus(fresh.policy().window());
        var decided = decided(group, fresh, after);
        if (decided.isEmpty()) {
            return decided;
        }
        return blocks.endOf(fresh.place(), Scope.everything(group.application()))
                .filter(after::isBefore)
                .map(end -> decided(group, fresh, end))
                .orElse(decided);
    }

    private Optional<Span> decided(Group group, Counting fresh, Instant after) {
        var policy = fresh.policy();
        var tally = fresh.tally();
        var until = tally.latest().plus(policy.window());
        for (var rows = tally.rows() + policy.limit(); ; rows *= LOOK_FURTHER) {
            var newest = misdeeds.newest(group, after, until, rows, policy.limit());
            if (newest.complete() || policy.suffices(newest.times(), tally.earliest())) {
                return policy.decide(newest.times(), tally.earliest());
            }
        }
    }

    private static NewBlock order(Group group, Counting fresh, Instant decided) {
        return new NewBlock(
                        fresh.place(),
                        Scope.everything(group.application()),
                        fresh.policy().reason(),
                        fresh.policy().name(),
                        Blocks.SERVICE,
                        decided,
                        fresh.policy().duration())
                .escalating();
    }
}
