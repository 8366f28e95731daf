package io.bulwark.ratelimit.crowdsec;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answer to bouncers that start, made once a second at most for each application: when a gateway's many workers
 * restart together, all ask for everything at the same moment. Of the filters in use the latest per application is kept.
 */
final class WholeStream {
    private final Map<Ledger, Made> latest = new ConcurrentHashMap<>();

    private record Made(Filter filter, long end, long second, Buffer json) {
        boolean isOf(Filter wanted, long at, long now) {
            return end == at && second == now && filter.equals(wanted);
        }
    }

    Buffer of(Ledger ledger, Filter filter, long now) {
        var second = now / 1_000;
        return latest.compute(ledger, (any, known) -> {
                    var end = ledger.end();
                    return known != null && known.isOf(filter, end, second)
                            ? known
                            : new Made(filter, end, second, Answers.whole(ledger, filter, now));
                })
                .json();
    }

    /** Lets go of what nobody may ask for again. */
    void forgetBefore(long now) {
        latest.values().removeIf(made -> made.second() < now / 1_000);
    }
}
