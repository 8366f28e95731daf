package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.ask;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.message;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Descriptor;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import io.bulwark.ratelimit.limit.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitingTest {
    private static final String FILE = """
            domain: edge
            descriptors:
              - key: five
                rate_limit: {unit: minute, requests_per_unit: 5}
              - key: one
                rate_limit: {name: one, unit: minute, requests_per_unit: 1}
              - key: none
                rate_limit: {unit: second, requests_per_unit: 0}
              - key: shadow
                shadow_mode: true
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: free
                rate_limit: {unlimited: true}
              - key: remote_address
                rate_limit: {unit: minute, requests_per_unit: 1}
              - key: instead
                rate_limit: {unit: minute, requests_per_unit: 9, replaces: [{name: one}]}
            """;

    private final AtomicLong now = new AtomicLong(1_700_000_000_000_000_000L);
    private final List<Outcome> counted = new ArrayList<>();
    private boolean ready = true;
    private final RateLimiting limiting = new RateLimiting(
            new DomainFiles("default", () -> Map.of("edge.yaml", FILE), EdgeLimits.tallies())::find,
            new Limits(1 << 12, 1, 2, now::get),
            new Screening((client, application) -> null, application -> null),
            application -> 1,
            () -> ready,
            (application, outcome) -> counted.add(outcome),
            (client, scope) -> {},
            () -> Instant.EPOCH);

    @Test
    void theBytesAreTheProtocols() throws IOException {
        // RateLimitRequest{domain: "edge", descriptors: [{entries: [{key: "five", value: "x"}]}], hits_addend: 2}
        var asked = "0a0465646765" + "120b" + "0a09" + "0a0466697665" + "120178" + "1802";

        assertThat(answer(asked)).isEqualTo("0801" + "120e" + "0801" + "1204" + "0805" + "1002" + "1803" + "22020818");
        assertThat(answer(ask("free", "x"))).isEqualTo("0801" + "1208" + "0801" + "18ffffffff0f");
    }

    @Test
    void whatEnvoySendsIsRead() throws IOException {
        // as Envoy 1.40.0 sent it for actions: [{remote_address: {}}]
        var query = query("0a0465646765121d0a1b0a0e72656d6f74655f6164647265737312093132372e302e302e31");

        assertThat(query.domain()).isEqualTo("edge");
        assertThat(query.hitsAddend()).isZero();
        assertThat(query.descriptors())
                .containsExactly(new Descriptor(List.of(new Entry("remote_address", "127.0.0.1")), null, null));
    }

    @Test
    void exactlyAsManyPassAsTheLimitSays() throws IOException {
        var asked = ask("five", "x");
        for (var left = 4; left >= 0; left--) {
            var reply = decide(asked);
            assertThat(reply.over()).isFalse();
            assertThat(reply.statuses().get(0).remaining()).isEqualTo(left);
        }

        var over = decide(asked);

        assertThat(over.over()).isTrue();
        assertThat(over.statuses().get(0).over()).isTrue();
        assertThat(over.statuses().get(0).remaining()).isZero();
        assertThat(over.headers())
                .containsEntry("content-type", "application/problem+json")
                .containsEntry("cache-control", "no-store")
                .hasEntrySatisfying(
                        "retry-after", seconds -> assertThat(seconds).isIn("12", "13"));
        assertThat(over.refusal().body()).isNotEmpty();
        assertThat(decide(ask("five", "y")).over()).isFalse();
        now.addAndGet(12_000_000_000L);
        assertThat(decide(asked).over()).isFalse();
    }

    @Test
    void allLimitsOfARequestAreConsumedOrNone() throws IOException {
        decide(ask("one", "x"));

        var both = decide(message(descriptor("five", "x"), descriptor("one", "x")));

        assertThat(both.over()).isTrue();
        assertThat(both.statuses()).extracting(RateLimitReply.Status::over).containsExactly(false, true);
        assertThat(decide(ask("five", "x")).statuses().get(0).remaining()).isEqualTo(4);
    }

    @Test
    void aShadowCountsAndNeverRefuses() throws IOException {
        decide(ask("shadow", "x"));

        var over = decide(ask("shadow", "x"));

        assertThat(over.over()).isFalse();
        assertThat(over.statuses().get(0).over()).isFalse();
        assertThat(over.statuses().get(0).remaining()).isZero();
    }

    @Test
    void whatHasNoRuleOrNoLimitIsServed() throws IOException {
        assertThat(decide(ask("unknown", "x")).statuses()).containsExactly(RateLimitReply.Status.UNRULED);
        assertThat(decide(ask("free", "x")).statuses()).containsExactly(RateLimitReply.Status.UNLIMITED);
        assertThat(decide(ask("none", "x")).over()).isTrue();
        assertThat(limiting.answer("another", query(ask("none", "x"))).over()).isFalse();
        var elsewhere = new RateLimitQuery("elsewhere", query(ask("none", "x")).descriptors(), 0);
        assertThat(limiting.answer("default", elsewhere).statuses()).containsExactly(RateLimitReply.Status.UNRULED);
    }

    @Test
    void everyDescriptorHasItsStatusInItsPlace() throws IOException {
        var statuses = decide(message(
                        descriptor("free", "x"),
                        descriptor("none", "x"),
                        descriptor("unknown", "x"),
                        descriptor("five", "x")))
                .statuses();
        assertThat(statuses).extracting(RateLimitReply.Status::over).containsExactly(false, true, false, false);
        assertThat(statuses)
                .extracting(RateLimitReply.Status::remaining)
                .containsExactly(RateLimitReply.Status.UNLIMITED.remaining(), 0L, 0L, 4L);
    }

    @ParameterizedTest
    @CsvSource({"'', '', 1", "1800, '', 1", "1803, '', 3", "1803, 1a020802, 2", "1803, 1a00, 0"})
    void aDescriptorsOwnCostGoesBeforeTheRequestsAndThatIsAtLeastOne(String request, String descriptor, long cost)
            throws IOException {
        decide(message(descriptor("five", "x") + descriptor) + request);

        var left = decide(message(descriptor("five", "x") + "1a00")).statuses().get(0);
        assertThat(left.remaining()).isEqualTo(5 - cost);
    }

    @Test
    void whoWasRefusedTogetherDoesNotReturnTogether() throws IOException {
        var told = new HashSet<Integer>();
        for (var host = 1; host <= 50; host++) {
            var asked = ask("remote_address", "198.51.100." + host);
            decide(asked);

            var seconds = decide(asked).headers().get("retry-after");

            assertThat(decide(asked).headers()).containsEntry("retry-after", seconds);
            told.add(Integer.valueOf(seconds));
        }
        assertThat(told)
                .hasSizeGreaterThan(4)
                .allSatisfy(seconds -> assertThat(seconds).isBetween(60, 67));
    }

    @Test
    void aLimitReplacesAnotherOfTheSameRequest() throws IOException {
        decide(ask("one", "x"));

        var both = decide(message(descriptor("one", "x"), descriptor("instead", "x")));

        assertThat(both.over()).isFalse();
        assertThat(both.statuses().get(0)).isEqualTo(RateLimitReply.Status.UNRULED);
        assertThat(both.statuses().get(1).remaining()).isEqualTo(8);
    }

    @Test
    void aDescriptorThatCostsNothingOnlyLooks() throws IOException {
        var looks = message(descriptor("five", "x") + "1a00");

        decide(looks);

        assertThat(decide(looks).statuses().get(0).remaining()).isEqualTo(5);
    }

    @Test
    void theRequestsOwnLimitGoesBeforeTheConfigured() throws IOException {
        var own = message(descriptor("none", "x") + "1204" + "0803" + "1003");

        var reply = decide(own);

        assertThat(reply.over()).isFalse();
        assertThat(reply.statuses().get(0).limit()).isEqualTo(new RateLimitReply.Current(3, 3, ""));
        assertThatThrownBy(() -> decide(message(descriptor("five", "x") + "1202" + "0803")))
                .isInstanceOf(GrpcRefusal.class);
    }

    @Test
    void theRequestsOwnLimitRefusesInShadowTooAndIsNoneWhereTheDomainIsUnknown() throws IOException {
        var none = "1204" + "0800" + "1003";
        var shadow = query(message(descriptor("shadow", "x") + none));

        assertThat(limiting.answer("default", shadow).over()).isTrue();
        assertThat(limiting.answer("default", new RateLimitQuery("elsewhere", shadow.descriptors(), 0))
                        .over())
                .isFalse();
    }

    /** Then Envoy's {@code failure_mode_deny} decides, which it would not where the code is UNKNOWN. */
    @Test
    void beforeTheBlocksAreKnownThereIsNoAnswer() {
        ready = false;

        assertThatThrownBy(() -> decide(ask("free", "x")))
                .isInstanceOfSatisfying(
                        GrpcRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(GrpcRefusal.UNAVAILABLE));
        assertThat(counted).containsExactly(Outcome.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:1::1, 2001:db8:0:1:ffff::9, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "::ffff:198.51.100.7, 198.51.100.7, true",
        "198.51.100.7, 198.51.100.8, false",
        "rub:bish, rub:bash, false",
    })
    void ipv6IsCountedByItsSixtyFour(String one, String other, boolean together) throws IOException {
        decide(ask("remote_address", one));

        assertThat(decide(ask("remote_address", other)).over()).isEqualTo(together);
        assertThat(decide(ask("one", one)).over()).isFalse();
        assertThat(decide(ask("one", other)).over()).isFalse();
    }

    @Test
    void aRequestWithoutSenseIsNoDecision() {
        assertThatThrownBy(() -> decide("")).hasMessage("rate limit domain must not be empty");
        assertThatThrownBy(() -> decide("0a0465646765")).hasMessage("rate limit descriptor list must not be empty");
        assertThatThrownBy(() -> decide("0a0465646765" + "1200".repeat(65))).hasMessage("at most 64 descriptors");
    }

    @Test
    void whateverTheBytesAreThereIsAnAnswerOrARefusal() {
        var random = new Random(7);
        var seed = HexFormat.of().parseHex(message(descriptor("five", "x") + "1a020802", descriptor("one", "y")));
        for (var round = 0; round < 200_000; round++) {
            var bytes = seed.clone();
            for (var i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                limiting.answer("default", RateLimitQuery.read(bytes, 0, bytes.length))
                        .framed();
            } catch (IOException | GrpcRefusal e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private String answer(String hex) throws IOException {
        return HexFormat.of().formatHex(GrpcClient.unframed(decide(hex).framed()));
    }

    private RateLimitReply decide(String hex) throws IOException {
        return limiting.answer("default", query(hex));
    }
}
