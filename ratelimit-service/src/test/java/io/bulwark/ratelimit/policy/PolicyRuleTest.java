package io.bulwark.ratelimit.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyRuleTest {
    private static final LimitTallies TALLIES = new LimitTallies(new SimpleMeterRegistry());
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Limits limits = new Limits(16_384, 1, 2, () -> 1_000_000_000_000L);

    @Test
    void oneAddressIsCountedApartFromAnother() {
        var policy = policy(3, List.of("address"));

        assertThat(admitted(policy, "203.0.113.1", Map.of(), 5)).isEqualTo(3);
        assertThat(admitted(policy, "203.0.113.2", Map.of(), 5)).isEqualTo(3);
        assertThat(admitted(policy, "::ffff:203.0.113.2", Map.of(), 5)).isZero();
    }

    @Test
    void anIpv6ClientIsItsSlash64() {
        var policy = policy(3, List.of("address"));

        assertThat(admitted(policy, "2001:db8:0:1::1", Map.of(), 2)).isEqualTo(2);
        assertThat(admitted(policy, "2001:db8:0:1:ffff::9", Map.of(), 2)).isEqualTo(1);
        assertThat(admitted(policy, "2001:db8:0:2::1", Map.of(), 2)).isEqualTo(2);
    }

    @Test
    void whoRotatesThroughASlash48IsMetThere() {
        var policy = policy(3, List.of("address"));

        var passed = 0L;
        for (var subnet = 0; subnet < 1_000; subnet++) {
            passed += admitted(policy, "2001:db8:7:" + Integer.toHexString(subnet) + "::1", Map.of(), 1);
        }
        assertThat(passed).isEqualTo(3 * PolicyLimit.SITE_SHARE);
    }

    @Test
    void aCredentialIsCountedTogetherWithItsAddress() {
        var policy = policy(3, List.of("address", "credential"));

        assertThat(admitted(policy, "203.0.113.1", Map.of("Authorization", "Basic a"), 5))
                .isEqualTo(3);
        assertThat(admitted(policy, "203.0.113.1", Map.of("Authorization", "Basic b"), 5))
                .isEqualTo(3);
        assertThat(admitted(policy, "203.0.113.2", Map.of("Authorization", "Basic a"), 5))
                .isEqualTo(3);
        assertThat(admitted(policy, "203.0.113.1", Map.of(), 5)).isEqualTo(3);
    }

    @Test
    void aDescriptorIsCountedWhereverItComesFrom() {
        var policy = policy(3, List.of("descriptor:tenant"));

        assertThat(admitted(policy, "203.0.113.1", Map.of("tenant", "acme"), 2)).isEqualTo(2);
        assertThat(admitted(policy, "203.0.113.2", Map.of("tenant", "acme"), 2)).isEqualTo(1);
        assertThat(admitted(policy, "203.0.113.2", Map.of("tenant", "other"), 2))
                .isEqualTo(2);
    }

    @Test
    void stricterLimitsGoOnFromWhatWasCounted() {
        var policy = policy(10, List.of("address"));

        assertThat(admitted(policy, "203.0.113.1", Map.of(), 4)).isEqualTo(4);
        var stricter = policy.times(0.5);
        assertThat(stricter.field()).hasToString("\"some\";q=5;w=60");
        assertThat(admitted(stricter, "203.0.113.1", Map.of(), 9)).isLessThanOrEqualTo(3);
        assertThat(admitted(stricter, "203.0.113.2", Map.of(), 9)).isEqualTo(5);
        assertThat(policy.times(0.5)).isSameAs(stricter);
        assertThat(policy.times(0.001).field()).hasToString("\"some\";q=1;w=60");
    }

    @Test
    void aStricterLogCountsInTheLogOfTheUsualOne() {
        var rule = new LimitRule("some", 10L, MINUTE, null, Algorithm.SLIDING_LOG, null, null, false, false);
        var policy = new EndpointPolicy("shop", "login", new PolicyRule(List.of(rule), null, null), TALLIES);

        assertThat(admitted(policy, "203.0.113.1", Map.of(), 6)).isEqualTo(6);
        assertThat(admitted(policy.times(0.5), "203.0.113.1", Map.of(), 6)).isZero();
        assertThat(admitted(policy, "203.0.113.1", Map.of(), 6)).isEqualTo(4);
    }

    @Test
    void aResetGivesTheWholeLimitBack() {
        var policy = policy(3, List.of("address"));
        assertThat(admitted(policy, "2001:db8::1", Map.of(), 5)).isEqualTo(3);

        assertThat(reset(policy, "2001:db8::2", Map.of())).containsExactly("some");

        assertThat(admitted(policy, "2001:db8::1", Map.of(), 5)).isEqualTo(3);
    }

    @Test
    void aResetIsForWhomItNamesAndForNobodyElse() {
        var policy = policy(3, List.of("address", "credential"));
        var ann = Map.of("Authorization", "Basic ann");
        var bob = Map.of("Authorization", "Basic bob");
        for (var descriptors : List.of(ann, bob, Map.<String, String>of())) {
            assertThat(admitted(policy, "203.0.113.1", descriptors, 5)).isEqualTo(3);
        }

        assertThat(reset(policy, "203.0.113.1", Map.of())).isEmpty();
        assertThat(reset(policy, null, ann)).isEmpty();
        assertThat(reset(policy, "203.0.113.1", ann)).containsExactly("some");

        assertThat(admitted(policy, "203.0.113.1", ann, 5)).isEqualTo(3);
        assertThat(admitted(policy, "203.0.113.1", bob, 5)).isZero();
        assertThat(admitted(policy, "203.0.113.1", Map.of(), 5)).isZero();
        reset(policy, "203.0.113.1", Map.of("Authorization", ""));
        assertThat(admitted(policy, "203.0.113.1", Map.of(), 5)).isEqualTo(3);
    }

    @Test
    void whatCountsByADescriptorAloneNeedsNoAddressAndWhatCountsEverybodyIsGivenBackToNobody() {
        var tenants = policy(3, List.of("descriptor:tenant"));
        var acme = Map.of("tenant", "acme");
        assertThat(admitted(tenants, "203.0.113.1", acme, 5)).isEqualTo(3);
        assertThat(reset(tenants, null, acme)).containsExactly("some");
        assertThat(admitted(tenants, "203.0.113.2", acme, 5)).isEqualTo(3);

        var everybody = policy(3, List.of());
        assertThat(reset(everybody, "203.0.113.1", acme)).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefusedWithTheField() {
        refused("limits.window", limit(3, Duration.ZERO, null, null, null));
        refused("limits.window", limit(3, Duration.ofDays(367), null, null, null));
        refused("limits.burst", limit(0, MINUTE, 1L, null, null));
        refused("limits.algorithm", limit(101, MINUTE, null, Algorithm.SLIDING_LOG, null));
        refused("limits.algorithm", limit(5, MINUTE, 5L, Algorithm.SLIDING_LOG, null));
        refused("limits.key", limit(5, MINUTE, null, null, List.of("address", "network")));
        refused("limits.key", limit(5, MINUTE, null, null, List.of("descriptor:a", "descriptor:a")));
        refused("limits.key", limit(5, MINUTE, null, null, List.of("cookie")));
        var some = limit(5, MINUTE, null, null, null);
        assertThatThrownBy(new PolicyRule(List.of(some, some), null, null)::requireSense)
                .hasMessageStartingWith("limits.name:");
        var wide = limit(5, MINUTE, null, null, List.of("network"));
        assertThatThrownBy(new PolicyRule(List.of(wide), new OnExceed(MINUTE, null), null)::requireSense)
                .hasMessageStartingWith("onExceed:");
        assertThatThrownBy(new PolicyRule(List.of(some), new OnExceed(Duration.ZERO, null), null)::requireSense)
                .hasMessageStartingWith("onExceed.block:");
    }

    private static void refused(String field, LimitRule rule) {
        assertThatThrownBy(new PolicyRule(List.of(rule), null, null)::requireSense)
                .hasMessageStartingWith(field + ":");
    }

    private static LimitRule limit(
            long limit,
            Duration window,
            @Nullable Long burst,
            @Nullable Algorithm algorithm,
            @Nullable List<String> key) {
        return new LimitRule("some", limit, window, burst, algorithm, key, null, false, false);
    }

    private static EndpointPolicy policy(long limit, List<String> key) {
        return new EndpointPolicy(
                "shop", "login", new PolicyRule(List.of(limit(limit, MINUTE, null, null, key)), null, null), TALLIES);
    }

    private List<String> reset(EndpointPolicy policy, @Nullable String client, Map<String, String> descriptors) {
        return policy.reset(limits, limits::reset, client == null ? null : Network.parse(client), descriptors::get)
                .map(GivenBack::name)
                .toList();
    }

    private long admitted(EndpointPolicy policy, String client, Map<String, String> descriptors, int times) {
        var admitted = 0L;
        for (var i = 0; i < times; i++) {
            var claims = new Claims();
            policy.claim(claims, limits, Network.parse(client), descriptors::get, -1);
            admitted += limits.consume(claims) ? 1 : 0;
        }
        return admitted;
    }
}
