package io.bulwark.ratelimit.bulk;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes orders of the entries of an import, and notes which of them cannot be. */
final class ImportOrders implements EntrySink {
    private static final int LONGEST_REASON = 500;
    private static final Pattern REASON = Pattern.compile("[^\\p{Cntrl}]*");
    private static final Pattern NAME = Pattern.compile(Scope.ENDPOINT);

    private final Defaults defaults;
    private final TargetPolicy targets;
    private final BulkConfig config;
    private final List<NewBlock> orders = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private int refused;
    private int lines;

    ImportOrders(Defaults defaults, TargetPolicy targets, BulkConfig config) {
        this.defaults = defaults;
        this.targets = targets;
        this.config = config;
    }

    /**
     * What holds for entries that do not say otherwise.
     *
     * @param at now
     * @param force whether dangerous targets are taken
     */
    record Defaults(
            String author,
            Instant at,
            @Nullable String reason,
            @Nullable Duration duration,
            String application,
            @Nullable String endpoint,
            Remediation remediation,
            boolean force) {
        Defaults {
            at = at.truncatedTo(ChronoUnit.MICROS);
        }
    }

    @Override
    public void take(int line, Map<String, String> fields) {
        if (orders.size() == config.maxEntries()) {
            throw new Problem(
                    422,
                    "too-many-entries",
                    "An import has at most " + config.maxEntries() + " entries; none is placed");
        }
        try {
            orders.add(order(fields));
        } catch (IllegalArgumentException e) {
            refuse(line, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void refuse(int line, String why) {
        refused++;
        if (refusals.size() < config.namedRefusals()) {
            refusals.add(new Refusal(line, why));
        }
    }

    @Override
    public void end(int all) {
        lines = all;
    }

    List<NewBlock> orders() {
        return orders;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    int refused() {
        return refused;
    }

    int lines() {
        return lines;
    }

    private NewBlock order(Map<String, String> fields) {
        var target = target(fields.get(Field.TARGET));
        var scope = new Scope(
                name(fields, Field.APPLICATION, defaults.application()),
                fields.containsKey(Field.ENDPOINT) ? name(fields, Field.ENDPOINT, "") : defaults.endpoint());
        if (!defaults.force()) {
            targets.danger(target, scope.application()).ifPresent(danger -> {
                throw wrong(Field.TARGET, danger);
            });
        }
        return new NewBlock(target, scope, reason(fields), null, defaults.author(), defaults.at(), duration(fields))
                .with(remediation(fields));
    }

    private static Network target(@Nullable String text) {
        if (text == null) {
            throw wrong(Field.TARGET, "is missing");
        }
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(Field.TARGET, String.valueOf(e.getMessage()));
        }
    }

    private String reason(Map<String, String> fields) {
        var reason = fields.getOrDefault(Field.REASON, Objects.requireNonNullElse(defaults.reason(), ""));
        if (reason.isBlank()) {
            throw wrong(Field.REASON, "is missing");
        }
        if (reason.length() > LONGEST_REASON || !REASON.matcher(reason).matches()) {
            throw wrong(Field.REASON, "must be printable and at most " + LONGEST_REASON + " characters long");
        }
        return reason;
    }

    private Duration duration(Map<String, String> fields) {
        var duration = asked(fields);
        if (duration == null) {
            throw wrong(Field.DURATION, "is missing");
        }
        if (!NewBlock.isPossible(duration)) {
            throw wrong(
                    fields.containsKey(Field.UNTIL) ? Field.UNTIL : Field.DURATION,
                    "must be between " + NewBlock.SHORTEST + " and " + NewBlock.LONGEST + " from now");
        }
        return duration;
    }

    private @Nullable Duration asked(Map<String, String> fields) {
        try {
            if (fields.containsKey(Field.UNTIL)) {
                return Duration.between(defaults.at(), Instant.parse(fields.get(Field.UNTIL)));
            }
            return fields.containsKey(Field.DURATION)
                    ? Duration.parse(fields.get(Field.DURATION))
                    : defaults.duration();
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(
                    fields.containsKey(Field.UNTIL) ? Field.UNTIL : Field.DURATION,
                    "must be of ISO 8601, such as P1D and 2026-03-01T12:00:00Z");
        }
    }

    private Remediation remediation(Map<String, String> fields) {
        var word = fields.get(Field.REMEDIATION);
        if (word == null) {
            return defaults.remediation();
        }
        for (var remediation : Remediation.values()) {
            if (remediation.word().equals(word)) {
                return remediation;
            }
        }
        throw wrong(Field.REMEDIATION, "must be ban or captcha");
    }

    private static String name(Map<String, String> fields, String field, String otherwise) {
        var name = fields.getOrDefault(field, otherwise);
        if (!NAME.matcher(name).matches()) {
            throw wrong(field, "must match " + Scope.ENDPOINT);
        }
        return name;
    }

    private static IllegalArgumentException wrong(String field, String why) {
        return new IllegalArgumentException(field + ": " + why);
    }
}
