package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;

/** Counts whom lists in shadow mode would have refused. Each such list costs every request a lookup; usually there is none. */
@Singleton
class ShadowHits {
    static final int SCOPE = 1;

    private final MeterRegistry metrics;
    private volatile Counting[] counted = {};

    ShadowHits(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** A list in shadow mode; its networks lie in {@link #SCOPE}. */
    record Shadow(String application, String name, PrefixTable networks) {}

    private record Counting(Shadow list, Counter hits) {}

    void replace(List<Shadow> lists) {
        counted = lists.stream()
                .map(list -> new Counting(
                        list,
                        Counter.builder("ratelimit.blocklist.shadow.hits")
                                .description("Requests that a list in shadow mode would have refused")
                                .tag("application", list.application())
                                .tag("list", list.name())
                                .register(metrics)))
                .toArray(Counting[]::new);
    }

    void count(Network address, String application, long nowMillis) {
        for (var counting : counted) {
            var list = counting.list();
            if (list.application().equals(application)
                    && list.networks().latest(address, SCOPE, PrefixTable.NO_SCOPE, nowMillis) != PrefixTable.NONE) {
                counting.hits().increment();
            }
        }
    }
}
