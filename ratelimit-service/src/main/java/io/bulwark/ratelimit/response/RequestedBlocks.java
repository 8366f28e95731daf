package io.bulwark.ratelimit.response;

import io.bulwark.events.ResponseAction.BlockRequested;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.ResponseOutcome.ActionFailed;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;

/** Blocks as an incident's responder asks, and says what came of it. */
@ApplicationScoped
class RequestedBlocks {
    private final Blocks blocks;
    private final TargetPolicy targets;
    private final Outbox outbox;
    private final AuditTrail trail;
    private final InstantSource clock;

    RequestedBlocks(Blocks blocks, TargetPolicy targets, Outbox outbox, AuditTrail trail, InstantSource clock) {
        this.blocks = blocks;
        this.targets = targets;
        this.outbox = outbox;
        this.trail = trail;
        this.clock = clock;
    }

    /** The command cannot be carried out, now or later. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason, null, false, false);
        }
    }

    void carryOut(BlockRequested requested, String application) {
        try {
            var order = order(requested, application);
            var placed = blocks.place(order);
            if (placed.change() == Blocks.Change.NO_ROOM) {
                throw new Refused("There is no room for more blocks");
            }
            var block = placed.block();
            trail.record(
                    requested.requestedBy(),
                    "block.create",
                    block.target().toString(),
                    Map.of("incident", requested.incidentId(), "command", requested.commandId()),
                    application);
            outbox.publish(
                    new ActionDone(
                            requested.commandId(),
                            requested.incidentId(),
                            block.target() + " is blocked until " + block.until()),
                    application);
        } catch (Refused e) {
            outbox.publish(
                    new ActionFailed(requested.commandId(), requested.incidentId(), e.getMessage()), application);
        }
    }

    private NewBlock order(BlockRequested requested, String application) throws Refused {
        var target = target(requested.target());
        var danger = targets.danger(target, application);
        if (danger.isPresent()) {
            throw new Refused(target + " " + danger.get());
        }
        if (!Scope.isApplication(application)) {
            throw new Refused("No application can be named " + application);
        }
        if (!NewBlock.isPossible(requested.duration())) {
            throw new Refused("A block cannot last " + requested.duration());
        }
        var order = new NewBlock(
                target,
                Scope.everything(application),
                requested.reason(),
                null,
                requested.requestedBy(),
                requested.requestedAt(),
                requested.duration());
        if (order.isOver(clock.instant())) {
            throw new Refused("The time of the block was over before the command came");
        }
        return order;
    }

    private static Network target(String text) throws Refused {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refused("The target " + e.getMessage());
        }
    }
}
