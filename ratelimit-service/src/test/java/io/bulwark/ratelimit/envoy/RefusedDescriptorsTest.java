package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.ask;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.descriptor;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.message;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.query;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.limit.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Envoy's rate limit service says of clients that are refused whatever the limits say. */
class RefusedDescriptorsTest {
    private static final String FILE = """
            domain: edge
            descriptors:
              - key: five
                rate_limit: {unit: minute, requests_per_unit: 5}
            """;

    private final List<Outcome> counted = new ArrayList<>();
    private @Nullable Decision closed;
    private final RateLimiting limiting = new RateLimiting(
            new DomainFiles("default", () -> Map.of("edge.yaml", FILE), EdgeLimits.tallies())::find,
            new Limits(1 << 12, 1, 2, () -> 1_700_000_000_000_000_000L),
            new Screening((client, application) -> screened(client.toString()), application -> closed),
            application -> 1,
            () -> true,
            (application, outcome) -> counted.add(outcome),
            (client, scope) -> {},
            () -> Instant.EPOCH);

    private static @Nullable Decision screened(String client) {
        if (client.equals("203.0.113.200")) {
            return Decision.ALLOWED;
        }
        if (client.startsWith("203.0.113.")) {
            return Decision.refused(Outcome.BLOCKED, 91);
        }
        if (client.startsWith("192.0.0.")) {
            return Decision.refused(Outcome.CHALLENGED, 3_600);
        }
        return client.startsWith("192.0.2.") ? Decision.refused(Outcome.BLOCKED, 0) : null;
    }

    @ParameterizedTest
    @CsvSource({
        "remote_address, 203.0.113.7, true",
        "remote_address, ::ffff:203.0.113.7, true",
        "masked_remote_address, 203.0.113.0/24, true",
        "masked_remote_address, 203.0.0.0/16, false",
        "remote_address, 198.51.100.7, false",
        "remote_address, rubbish, false",
        "other, 203.0.113.7, false",
    })
    void whoIsBlockedIsOverTheLimit(String key, String value, boolean blocked) throws IOException {
        var reply = decide(ask(key, value));

        assertThat(reply.over()).isEqualTo(blocked);
        assertThat(counted).containsExactly(blocked ? Outcome.BLOCKED : Outcome.ALLOWED);
        if (blocked) {
            assertThat(reply.statuses().get(0).limit().name()).isEqualTo("blocked");
            assertThat(reply.headers()).containsEntry("retry-after", "91");
            assertThat(new String(reply.refusal().body(), US_ASCII))
                    .contains("#abnormal-usage-detected\"")
                    .endsWith("\"remediation\":\"ban\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({"remote_address, 192.0.2.7", "masked_remote_address, 192.0.2.0/24"})
    void whoIsRefusedWithoutEndIsOverTheLimitWithoutATimeToComeBack(String key, String value) throws IOException {
        var reply = decide(ask(key, value));

        assertThat(reply.over()).isTrue();
        assertThat(counted).containsExactly(Outcome.BLOCKED);
        assertThat(reply.headers()).doesNotContainKey("retry-after");
    }

    @Test
    void whomACaptchaIsEnoughForIsToldSoUnlessABanStandsBesideIt() throws IOException {
        var challenged = descriptor("remote_address", "192.0.0.7");
        var banned = descriptor("remote_address", "203.0.113.7");

        assertThat(decide(message(challenged)).headers())
                .containsEntry("x-bulwark-remediation", "captcha")
                .containsEntry("retry-after", "3600");
        for (var both : List.of(message(challenged, banned), message(banned, challenged))) {
            assertThat(decide(both).headers())
                    .doesNotContainKey("x-bulwark-remediation")
                    .containsEntry("retry-after", "91");
        }
        assertThat(decide(message(banned)).headers()).doesNotContainKey("x-bulwark-remediation");
    }

    @Test
    void onlyTheDescriptorOfWhoIsBlockedIsOver() throws IOException {
        var reply = decide(
                message(descriptor("five", "x"), descriptor("remote_address", "203.0.113.7"), descriptor("five", "y")));

        assertThat(reply.statuses()).extracting(RateLimitReply.Status::over).containsExactly(false, true, false);
    }

    @Test
    void whoIsOnTheAllowlistIsServedWithoutLimitsWhateverIsAroundIt() throws IOException {
        var asked = message(
                descriptor("five", "x"),
                descriptor("masked_remote_address", "203.0.113.0/24"),
                descriptor("remote_address", "203.0.113.200"));

        var reply = decide(asked);

        assertThat(reply.over()).isFalse();
        assertThat(reply.statuses()).hasSize(3).containsOnly(RateLimitReply.Status.UNRULED);
        assertThat(counted).containsExactly(Outcome.ALLOWED);
        assertThat(decide(ask("five", "x")).statuses().get(0).remaining()).isEqualTo(4);
    }

    @Test
    void whileTheApplicationIsClosedWhoIsNotNamedIsRefused() throws IOException {
        closed = Decision.refused(Outcome.MAINTENANCE, 300);

        var reply = decide(message(descriptor("five", "x"), descriptor("other", "y")));

        assertThat(reply.over()).isTrue();
        assertThat(reply.statuses()).extracting(RateLimitReply.Status::over).containsExactly(true, true);
        assertThat(reply.headers()).containsEntry("retry-after", "300");
        assertThat(new String(reply.refusal().body(), US_ASCII))
                .contains("#temporary-reduced-capacity\"")
                .endsWith("\"status\":503}");
        assertThat(counted).containsExactly(Outcome.MAINTENANCE);
        assertThat(decide(ask("remote_address", "203.0.113.200")).over()).isFalse();
    }

    private RateLimitReply decide(String hex) throws IOException {
        return limiting.answer("default", query(hex));
    }
}
