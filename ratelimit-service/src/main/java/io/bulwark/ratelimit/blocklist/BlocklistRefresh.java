package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches lists when they are due, each by one replica; the others read what it has stored. One that cannot be fetched keeps
 * what it holds until that is stale, and is tried again sooner than it would be fetched.
 */
@ApplicationScoped
class BlocklistRefresh {
    private static final Logger LOG = Logger.getLogger(BlocklistRefresh.class);
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 10;
    private static final int MOST_AT_ONCE = 2;

    /** Of an entry in memory, while the lists are read anew beside those in force. */
    private static final int BYTES = 320;

    /** Of the heap, for lists. */
    private static final int SHARE = 5;

    /** Beside the download: to ask for addresses, to read the list and to store it. */
    private static final Duration REST_OF_ATTEMPT = Duration.ofMinutes(2);

    private final Blocklists lists;
    private final ListDownload download;
    private final TargetPolicy targets;
    private final Rules rules;
    private final BlocklistConfig config;
    private final int most;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final Outage outage = new Outage(LOG, "Blocklists that are due cannot be claimed, and hold what they held");

    BlocklistRefresh(
            Blocklists lists,
            ListDownload download,
            TargetPolicy targets,
            Rules rules,
            BlocklistConfig config,
            InstantSource clock) {
        this.lists = lists;
        this.download = download;
        this.targets = targets;
        this.rules = rules;
        this.config = config;
        this.most = config.maxEntriesTogether()
                .orElse((int) Math.min(Runtime.getRuntime().maxMemory() / SHARE / BYTES, Integer.MAX_VALUE));
        this.clock = clock;
    }

    /** Goes on beside those that still wait for their sources. */
    @Scheduled(every = "2s", skipExecutionIf = ApplicationNotRunning.class)
    void fetchDue() {
        if (free.tryAcquire()) {
            try {
                outage.attempt(this::fetchAllDue);
            } finally {
                free.release();
            }
        }
    }

    private void fetchAllDue() {
        for (var due = claim(); due != null; due = claim()) {
            try {
                fetch(due);
            } catch (FetchFailed e) {
                fail(due, e);
            } catch (RuntimeException e) {
                if (due.progress().failures() == 0) { // once per outage
                    LOG.warnf(e, "Blocklist %s of %s cannot be taken", due.name(), due.application());
                }
                fail(due, new FetchFailed("It cannot be taken: " + e));
            }
        }
    }

    private @Nullable Blocklist claim() {
        var now = clock.instant();
        var until = now.plus(config.timeout()).plus(REST_OF_ATTEMPT);
        return QuarkusTransaction.requiringNew()
                .call(() -> lists.claim(now, until).orElse(null));
    }

    private void fetch(Blocklist list) throws FetchFailed {
        var progress = list.progress();
        var fetched = download.fetch(list.settings().url(), progress.etag(), progress.lastModified());
        if (fetched.body() == null) {
            store(list, fetched, null, progress.refused());
            return;
        }
        var longest = Math.min(list.settings().maxEntries(), config.maxEntries());
        var reader = new ListReader(list.settings().format(), longest, this::mayBeBlocked);
        store(list, fetched, reader.read(fetched.body()), reader.refused());
    }

    private void store(Blocklist list, ListDownload.Fetched fetched, @Nullable NetworkList networks, int refused)
            throws FetchFailed {
        var now = clock.instant();
        var before = list.progress();
        var sha256 = networks == null ? before.sha256() : networks.sha256();
        var same = networks == null || networks.sha256().equals(before.sha256());
        var progress = new Blocklist.Progress(
                networks == null ? before.entries() : networks.networks().size(),
                refused,
                sha256,
                fetched.etag(),
                fetched.lastModified(),
                now,
                now,
                now.plus(list.settings().refresh()),
                null,
                0);
        var hasRoom = QuarkusTransaction.requiringNew().call(() -> {
            if (!same && !hasRoom(list, progress.entries())) {
                return false;
            }
            if (lists.store(list, progress, same ? null : networks)) {
                rules.changed(RuleKind.BLOCKLIST, list.application(), list.name(), Rules.SERVICE);
            }
            return true;
        });
        if (!hasRoom) {
            throw new FetchFailed("With it all lists together were more than the " + most
                    + " entries that there is room for; see bulwark.ratelimit.blocklist.max-entries-together");
        }
    }

    private boolean hasRoom(Blocklist list, int entries) {
        lists.hold(); // of several that are fetched at a time, none takes the room of another
        return lists.entriesBeside(list.application(), list.name()) + entries <= most;
    }

    private void fail(Blocklist list, FetchFailed failure) {
        var why = String.valueOf(failure.getMessage());
        var failures = list.progress().failures();
        if (failures == 0) { // once per outage
            LOG.warnf("Blocklist %s of %s cannot be fetched: %s", list.name(), list.application(), why);
        }
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        var refresh = list.settings().refresh();
        var nextAt = clock.instant().plus(pause.compareTo(refresh) < 0 ? pause : refresh);
        QuarkusTransaction.requiringNew().run(() -> lists.fail(list, why, nextAt));
    }

    /** Nobody's list shuts out this house; lists of unused addresses name private ones too. */
    private boolean mayBeBlocked(Network network) {
        return targets.danger(network).isEmpty() && !SpecialNetworks.touch(network);
    }
}
