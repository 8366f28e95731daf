package io.bulwark.ratelimit.forwardauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "8, 1", "80, 10", "3600, 60", "86400, 60"})
    void whoWasRefusedTogetherReturnsSpreadOutAndNeverTooEarly(long seconds, long spread) {
        var returns = IntStream.range(0, 1_000)
                .mapToObj(i -> Network.parse("198.51." + i / 250 + "." + i % 250))
                .map(client -> Refusal.jittered(seconds, client))
                .toList();

        assertThat(returns).allMatch(at -> at >= seconds && at <= seconds + spread);
        assertThat(returns.stream().distinct().count()).isEqualTo(spread + 1);
        // who asks again learns nothing by it
        assertThat(Refusal.jittered(seconds, Network.parse("198.51.0.0"))).isEqualTo(returns.getFirst());
    }
}
