package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.signin.AccountKey;
import io.bulwark.ratelimit.signin.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Something that a place did wrong, as it is counted.
 *
 * @param place an address; the /64 of an IPv6 one; of a flood also a network
 * @param at when it happened, in microseconds as Postgres keeps it, and never in the future
 * @param account as whom, see {@link AccountKey#name}
 */
record Misdeed(
        Kind kind,
        String application,
        Network place,
        Instant at,
        int count,
        @Nullable String account,
        @Nullable String userId,
        @Nullable String trace) {

    /** As long as events stay on their topic. Times of programs that know none, year 1, are long before. */
    private static final Duration OLDEST = Duration.ofDays(30);

    private static final int LONGEST_ID = 200;
    private static final int V4_WIDEST = 24;

    /** What was done. */
    enum Kind {
        LOGIN_FAILED,
        ACCESS_DENIED,
        WAF_BLOCKED,
        FLOODED
    }

    /** Empty where nobody can be blocked for it: its address or its application is none, or it is over since long. */
    static Optional<Misdeed> of(Report report, Instant now) {
        var envelope = report.envelope();
        if (!Scope.isApplication(envelope.application())
                || report.count() < 1
                || envelope.time().isBefore(now.minus(OLDEST))) {
            return Optional.empty();
        }
        try {
            var place = Network.parse(report.address()).clientNetwork();
            if (report.kind() != Kind.FLOODED && !isOnePlace(place) || isTooWide(place)) {
                return Optional.empty();
            }
            return Optional.of(new Misdeed(
                    report.kind(),
                    envelope.application(),
                    place,
                    past(envelope.time(), now),
                    report.count(),
                    told(report.account(), AccountKey::name),
                    told(report.userId(), id -> PlainText.of(id, LONGEST_ID)),
                    envelope.traceparent()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String told(@Nullable String text, UnaryOperator<String> form) {
        var told = text == null ? "" : form.apply(text);
        return told.isEmpty() ? null : told;
    }

    /** What a misdeed may name that an address had part in: its place, and the networks around that. */
    static List<Network> placesAround(Network address) {
        var place = address.clientNetwork();
        return IntStream.rangeClosed(widest(place), place.prefixLength())
                .mapToObj(place::masked)
                .toList();
    }

    /** False for a network that several may share. */
    static boolean isOnePlace(Network place) {
        return place.isAddress() || place.isIpv6() && place.prefixLength() >= Network.V6_CLIENT;
    }

    /** Nobody blocks half a provider by itself. */
    private static boolean isTooWide(Network place) {
        return place.prefixLength() < widest(place);
    }

    private static int widest(Network place) {
        return place.isIpv6() ? Network.V6_SITE : V4_WIDEST;
    }

    /** A producer whose clock runs ahead must not make a block last longer. */
    private static Instant past(Instant time, Instant now) {
        return (time.isAfter(now) ? now : time).truncatedTo(ChronoUnit.MICROS);
    }
}
