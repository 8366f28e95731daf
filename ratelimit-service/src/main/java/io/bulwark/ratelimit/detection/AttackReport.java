package io.bulwark.ratelimit.detection;

import io.bulwark.events.AttackEvent;
import io.bulwark.events.AttackEvent.CredentialStuffingDetected;
import io.bulwark.events.AttackEvent.DistributedFloodDetected;
import io.bulwark.events.AttackEvent.PasswordSprayingDetected;
import io.bulwark.events.EventIds;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.kit.outbox.TraceContext;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.detection.CrowdDetector.Gathering;
import io.bulwark.ratelimit.detection.CrowdPolicy.Evidence;
import io.bulwark.ratelimit.episode.Episode;
import io.bulwark.ratelimit.episode.Episode.Outcome;
import io.bulwark.ratelimit.episode.Episodes;
import io.bulwark.ratelimit.episode.Span;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.signin.GoodSignIns;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Tells of an attack once, and says whom to block for it. */
@ApplicationScoped
class AttackReport {
    private static final int TARGETS_TOLD = 20;

    /** Each block is an event with a lock of its own; whoever goes on is blocked then. */
    private static final int MOST_BLOCKS = 500;

    private final Episodes episodes;
    private final GoodSignIns goodSignIns;
    private final Blocks blocks;
    private final TargetPolicy targets;
    private final Outbox outbox;
    private final InstantSource clock;

    AttackReport(
            Episodes episodes,
            GoodSignIns goodSignIns,
            Blocks blocks,
            TargetPolicy targets,
            Outbox outbox,
            InstantSource clock) {
        this.episodes = episodes;
        this.goodSignIns = goodSignIns;
        this.blocks = blocks;
        this.targets = targets;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Notes and publishes it; answers whom to block. */
    Stream<TracedBlock> conclude(Group group, Gathering fresh, Span span, Evidence evidence) {
        var policy = fresh.policy();
        var spared = isSpared(group, fresh, evidence);
        var begins = episodes.begins(episode(group, fresh, span, evidence, spared), policy.window());
        if (begins) {
            try (var trace = TraceContext.continuing(fresh.tally().trace())) {
                outbox.publish(event(group, fresh, evidence, spared), group.application(), evidence.lastAt());
            }
        }
        if (policy.shadow() || !policy.block() || spared) {
            return Stream.empty();
        }
        return places(group, fresh, evidence, begins)
                .map(place -> order(group, fresh, place.getKey(), place.getValue()))
                .filter(order -> !order.isOver(clock.instant()))
                .map(order -> new TracedBlock(order, fresh.tally().trace()));
    }

    private Episode episode(Group group, Gathering fresh, Span span, Evidence evidence, boolean spared) {
        var policy = fresh.policy();
        var outcome = policy.shadow()
                ? Outcome.WATCHED
                : spared ? Outcome.SPARED : policy.block() ? Outcome.BLOCKED : Outcome.NOTED;
        return new Episode(
                EventIds.next(),
                policy.name(),
                group.application(),
                subject(group, fresh),
                span,
                evidence.members().size(),
                evidence.observations(),
                outcome,
                clock.instant());
    }

    private static String subject(Group group, Gathering fresh) {
        var account = fresh.place() == null ? fresh.tally().newest().account() : null;
        return account == null ? group.subject() : account;
    }

    /** A network where people live who signed in well before, or who are on the allowlist, is not blocked as a whole. */
    private boolean isSpared(Group group, Gathering fresh, Evidence evidence) {
        var network = fresh.place();
        return fresh.policy().block()
                && network != null
                && group.policy().equals(CrowdPolicy.FLOOD)
                && (targets.danger(network, group.application()).isPresent()
                        || goodSignIns.isHome(group.application(), network, evidence.firstAt()));
    }

    private AttackEvent event(Group group, Gathering fresh, Evidence evidence, boolean spared) {
        var policy = fresh.policy();
        var newest = fresh.tally().newest();
        var members = evidence.members().size();
        return switch (policy.name()) {
            case CrowdPolicy.STUFFING ->
                new CredentialStuffingDetected(
                        group.subject(),
                        members,
                        policy.threshold(),
                        policy.window(),
                        evidence.firstAt(),
                        evidence.lastAt(),
                        policy.shadow());
            case CrowdPolicy.SPRAYING ->
                new PasswordSprayingDetected(
                        Objects.requireNonNull(newest.account()),
                        newest.userId(),
                        members,
                        List.copyOf(evidence.members().keySet()).subList(0, Math.min(TARGETS_TOLD, members)),
                        policy.threshold(),
                        policy.window(),
                        evidence.firstAt(),
                        evidence.lastAt(),
                        policy.shadow());
            default ->
                new DistributedFloodDetected(
                        group.subject(),
                        members,
                        Math.toIntExact(Math.min(Integer.MAX_VALUE, evidence.observations())),
                        policy.threshold(),
                        policy.window(),
                        evidence.firstAt(),
                        evidence.lastAt(),
                        spared,
                        policy.shadow());
        };
    }

    /** Whom to block, with the time that decided about each. */
    private Stream<Map.Entry<Network, Instant>> places(
            Group group, Gathering fresh, Evidence evidence, boolean begins) {
        var place = fresh.place();
        if (place != null) {
            return Stream.of(Map.entry(place, evidence.lastAt()));
        }
        // those that were there before were blocked when the attack began
        return evidence.members().entrySet().stream()
                .filter(member -> begins || fresh.members().contains(member.getKey()))
                .limit(MOST_BLOCKS)
                .map(member -> Map.entry(Network.parse(member.getKey()), member.getValue()))
                .filter(member -> !isInnocent(group, member.getKey(), member.getValue(), evidence));
    }

    /** The account's owner, who may well mistype in the middle of an attack; and whoever was unblocked since. */
    private boolean isInnocent(Group group, Network place, Instant seenAt, Evidence evidence) {
        return targets.danger(place, group.application()).isPresent()
                || goodSignIns.knows(group.application(), group.subject(), place, evidence.firstAt())
                || blocks.endOf(place, Scope.everything(group.application()))
                        .filter(end -> !seenAt.isAfter(end))
                        .isPresent();
    }

    private static NewBlock order(Group group, Gathering fresh, Network place, Instant decided) {
        return new NewBlock(
                        place,
                        Scope.everything(group.application()),
                        fresh.policy().name(),
                        fresh.policy().name(),
                        Blocks.SERVICE,
                        decided,
                        spread(fresh.policy().duration(), place))
                .escalating();
    }

    /** Places that attacked together are not all back at one moment. */
    private static Duration spread(Duration duration, Network place) {
        var seconds = Math.ceilDiv(duration.toMillis(), 1_000);
        var longer = Duration.ofSeconds(Decision.spread(seconds, place.hashCode()));
        return NewBlock.isPossible(longer) ? longer : duration;
    }
}
