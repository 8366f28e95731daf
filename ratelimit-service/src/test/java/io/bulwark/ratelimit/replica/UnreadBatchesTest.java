package io.bulwark.ratelimit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UnreadBatchesTest {
    private final UnreadBatches unread = new UnreadBatches();

    @Test
    void sumsUpWhatWasToldSinceTheLastThatWasRead() {
        unread.told(1, batch(7, 1), 10);
        unread.told(2, batch(7, 2), 20);
        unread.told(3, batch(7, 4), 30);

        unread.read(1);

        assertThat(unread.charges()).isEqualTo(Map.of(7L, 6L));
    }

    @Test
    void oneThatCannotBeReadIsPassedOver() {
        unread.told(1, new byte[] {1, 2, 3}, 10);
        unread.told(2, batch(7, 2), 20);

        assertThat(unread.charges()).isEqualTo(Map.of(7L, 2L));
    }

    @Test
    void whatALogHadToTellIsReadOnceABatchHadRoomForAllOfIt() {
        unread.told(1, batch(7, 1), 10);
        unread.told(2, batch(7, 1), 0);
        unread.told(3, batch(7, 1), 30);

        unread.read(2);
        assertThat(unread.logsRead()).isEqualTo(10);
        unread.read(3);
        assertThat(unread.logsRead()).isEqualTo(30);
    }

    private static byte[] batch(long key, long charge) {
        var writer = new UsageWriter();
        writer.begin();
        writer.consumed(key, charge);
        return writer.finish(new UsageBatch(1, 1, 1, 0, 0, 0, false));
    }
}
