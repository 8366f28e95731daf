package io.bulwark.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.auth.PlainConfig;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PasswordHasherTest {
    @ParameterizedTest(name = "of a queue of {0} for {1}")
    @CsvSource({"0, PT10M", "64, PT0S"})
    void whoComesWhenEveryTurnIsTakenAndMayNotWaitIsShed(String queue, String maxWait) {
        var hasher = new PasswordHasher(
                PlainConfig.of(Map.of("bulwark.auth.hashing.queue", queue, "bulwark.auth.hashing.max-wait", maxWait)),
                InstantSource.system());
        var most = Runtime.getRuntime().availableProcessors();

        assertThatThrownBy(() -> takeTurns(hasher, most + 1)).isInstanceOf(HashingQueueFull.class);

        assertThat(takeTurns(hasher, 1)).as("turns that are free again").isOne();
    }

    /** One within the other. */
    private static int takeTurns(PasswordHasher hasher, int count) {
        return count == 0 ? 0 : hasher.inTurn(() -> 1 + takeTurns(hasher, count - 1));
    }
}
