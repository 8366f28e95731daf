package io.bulwark.ratelimit.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetPolicyTest {
    private static final Network ALLOWED = Network.parse("203.0.113.7");
    private final TargetPolicy policy = new TargetPolicy(
            List.of("10.1.0.0/16", "2001:db8:ffff::1"),
            () -> Stream.of("198.51.100.0/29", "192.0.2.7").map(Network::parse),
            (target, application) -> application.equals("shop") && target.contains(ALLOWED)
                    ? Optional.of(ALLOWED.toString())
                    : Optional.empty());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "128.0.0.0/1",
                "126.0.0.0/7",
                "::/0",
                "2000::/3",
                "2001:c000::/18",
                "127.0.0.1",
                "127.0.0.0/8",
                "::1",
                "::/64",
                "10.1.2.3",
                "10.0.0.0/8",
                "10.1.0.0/24",
                "2001:db8:ffff::1",
                "2001:db8:ffff::/64",
                "198.51.100.5",
                "198.51.100.0/24",
                "192.0.2.7"
            })
    void whatWouldShutOutTheHouseOrHalfTheInternetIsDangerous(String target) {
        assertThat(policy.danger(Network.parse(target), "other")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.7",
                "11.0.0.0/8",
                "10.2.0.0/16",
                "198.51.100.8",
                "2001:e000::/19",
                "2001:db8:ffff:1::/64"
            })
    void theRestIsNot(String target) {
        assertThat(policy.danger(Network.parse(target), "other")).isEmpty();
    }

    @Test
    void whoIsOnAnApplicationsAllowlistIsNotBlockedThere() {
        assertThat(policy.danger(Network.parse("203.0.113.0/24"), "shop")).isPresent();
        assertThat(policy.danger(ALLOWED, "shop")).isPresent();
        assertThat(policy.danger(ALLOWED, "other")).isEmpty();
        assertThat(policy.danger(Network.parse("203.0.113.8"), "shop")).isEmpty();
    }
}
