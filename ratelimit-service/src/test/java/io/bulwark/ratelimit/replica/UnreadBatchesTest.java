package io.bulwark.ratelimit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UnreadBatchesTest {
    private final UnreadBatches unread = new UnreadBatches();

    @Test
    void sumsUpWhatWasToldSinceTheLastThatWasRead() {
        unread.told(1, batch(7, 1));
        unread.told(2, batch(7, 2));
        unread.told(3, batch(7, 4));

        unread.read(1);

        assertThat(unread.charges()).isEqualTo(Map.of(7L, 6L));
    }

    @Test
    void oneThatCannotBeReadIsPassedOver() {
        unread.told(1, new byte[] {1, 2, 3});
        unread.told(2, batch(7, 2));

        assertThat(unread.charges()).isEqualTo(Map.of(7L, 2L));
    }

    private static byte[] batch(long key, long charge) {
        var writer = new UsageWriter();
        writer.begin();
        writer.consumed(key, charge);
        return writer.finish(new UsageBatch(1, 1, 1, 0, 0, 0, false));
    }
}
