package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {
    private static final int SPAN = 40;

    @Test
    void whatOneDrewNobodyElseDrawsThoughNothingListensThereYet() {
        var drawn = IntStream.range(0, 60)
                .flatMap(time -> {
                    var base = Ports.freeBase(SPAN);
                    return IntStream.rangeClosed(base, base + SPAN);
                })
                .boxed()
                .toList();

        assertThat(drawn).doesNotHaveDuplicates();
    }
}
