package io.bulwark.ratelimit.crowdsec;

import io.bulwark.ratelimit.block.BlockWatcher;
import io.bulwark.ratelimit.block.KnownBlock;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A ledger per application, filled with its blocks. A block of one endpoint is not handed out: a bouncer does not know
 * endpoints and would refuse everything; {@code /check} and its kin enforce that one.
 */
@ApplicationScoped
class Ledgers implements BlockWatcher {
    /** When a decision changed that was there before this replica. */
    static final long NO_NEWS = 0;

    private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();
    private final CrowdSecConfig config;
    private final InstantSource clock;

    Ledgers(CrowdSecConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    @Override
    public void loaded(KnownBlock block) {
        put(block, true, NO_NEWS);
    }

    @Override
    public void changed(KnownBlock block) {
        // How one that has ended came to be is told by no event, but may be known here.
        put(block, block.until().isAfter(clock.instant()), clock.millis());
    }

    @Override
    public int held() {
        return ledgers.values().stream().mapToInt(Ledger::held).sum();
    }

    /** From now on these are served at every endpoint, whatever is blocked around them. */
    void allow(Map<String, Allowed> clients) {
        clients.forEach((application, its) -> of(application).allow(its, clock.millis()));
    }

    /** Empty where nothing of this application was blocked lately. */
    Ledger of(String application) {
        return ledgers.computeIfAbsent(application, Ledger::new);
    }

    @Scheduled(every = "60s")
    void forgetEnded() {
        var before = clock.instant().minus(config.endedKept()).toEpochMilli();
        ledgers.values().forEach(ledger -> ledger.forget(before));
    }

    private void put(KnownBlock block, boolean saysWhy, long changedAt) {
        if (block.scope().endpoint() != null) {
            return;
        }
        var ledger = of(block.scope().application());
        var key = Key.of(block.target());
        ledger.put(
                key,
                saysWhy ? Origins.of(block) : null,
                block.until().toEpochMilli(),
                block.version(),
                // When one that bouncers were told of is loaded once more, its changes meanwhile are news.
                ledger.find(key) == null ? changedAt : clock.millis());
    }
}
