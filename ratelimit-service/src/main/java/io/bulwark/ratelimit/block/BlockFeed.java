package io.bulwark.ratelimit.block;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.BlockEvent;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Topic;
import io.bulwark.events.UnreadableEvent;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.outage.Outage;
import io.bulwark.kit.topic.TopicFollower;
import io.bulwark.kit.topic.TopicNames;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.prefix.Scope;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@link BlockTable} true: what Postgres holds at the start, then the topic from where it ended before that was
 * read. The version of each block tells what is newer, so it does not matter that the two overlap. Whenever the topic cannot
 * be followed any more it starts over, and reads what ended meanwhile, too. While Kafka is away blocks are placed and ended all
 * the same: then it reads Postgres again and again.
 */
@Singleton
public class BlockFeed {
    private static final Logger LOG = Logger.getLogger(BlockFeed.class);
    private static final int FETCH = 5_000;
    private static final int TRANSACTION_SECONDS = 120;

    private static final String KNOWN = """
            select target::text, application, endpoint, reason, policy, remediation, coalesce(ended_at, until), version
            from block where ended_at is null or ended_at > ?""";

    private final BlockTable table;
    private final List<BlockWatcher> watchers;
    private final AgroalDataSource dataSource;
    private final InstantSource clock;
    private final TopicFollower follower;
    private final Outage outage = new Outage(LOG, "Blocks cannot be read again, and those known stay");
    private volatile @Nullable Instant upToDateAt;

    BlockFeed(
            BlockTable table,
            @All List<BlockWatcher> watchers,
            AgroalDataSource dataSource,
            InstantSource clock,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            TopicNames names,
            MeterRegistry metrics) {
        this.table = table;
        this.watchers = watchers;
        this.dataSource = dataSource;
        this.clock = clock;
        this.follower = new TopicFollower(kafka, names.of(Topic.IP_BLOCKED), this::follow);
        Gauge.builder("ratelimit.blocks", table, BlockTable::size)
                .description("Blocks in memory, those that ended lately among them")
                .register(metrics);
        Gauge.builder("ratelimit.feed.silence", follower, it -> it.silence().toMillis() / 1e3)
                .baseUnit("seconds")
                .tag("feed", "blocks")
                .description("Since Kafka was last heard of; a few while all is well")
                .register(metrics);
    }

    /** False until every block is known: until then nobody may be let through. */
    public boolean isLoaded() {
        return follower.caughtUp();
    }

    void start(@Observes StartupEvent event) {
        follower.followAfter(() -> {
            read();
            LOG.infof("%d blocks loaded", table.size());
        });
    }

    void stop(@Observes ShutdownEvent event) {
        follower.close();
    }

    /** What nobody can tell of. */
    @Scheduled(
            every = "10s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void readUntold() {
        if (follower.isSilent()) {
            outage.attempt(this::read);
        }
    }

    private void read() {
        QuarkusTransaction.requiringNew().timeout(TRANSACTION_SECONDS).run(this::load);
    }

    @Scheduled(every = "60s")
    void forgetEnded() {
        table.forgetEnded(clock.instant());
    }

    synchronized void load() {
        var now = clock.instant();
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(KNOWN)) {
            query.setFetchSize(FETCH);
            query.setObject(1, endedAfter(now).atOffset(ZoneOffset.UTC));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var block = read(rows);
                    put(block);
                    watchers.forEach(watcher -> watcher.loaded(block));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Blocks cannot be loaded: " + e.getMessage(), e);
        }
        upToDateAt = now;
    }

    /** What ended before is not known here as in force, or is erased. */
    private Instant endedAfter(Instant now) {
        var erased = now.minus(Blocks.KEPT);
        var missed = (upToDateAt == null ? now : upToDateAt).minus(BlockTable.REMEMBERED);
        return missed.isBefore(erased) ? erased : missed;
    }

    private void follow(ConsumerRecord<String, byte @Nullable []> consumed) {
        upToDateAt = clock.instant();
        var value = consumed.value();
        if (value == null) {
            return; // a tombstone, long after the end of the block
        }
        try {
            CloudEventBinding.read(consumed.headers(), value, BlockEvent.class).ifPresent(event -> apply(event.data()));
        } catch (UnreadableEvent | IllegalArgumentException e) {
            LOG.errorf("Block at %d/%d cannot be read: %s", consumed.partition(), consumed.offset(), e.getMessage());
        }
    }

    private void apply(BlockEvent event) {
        var target = Network.parse(event.target());
        var scope = new Scope(event.application(), event.endpoint());
        var block = switch (event) {
            case IpBlocked blocked ->
                new KnownBlock(
                        target,
                        scope,
                        blocked.reason(),
                        blocked.policy(),
                        Remediation.of(Objects.requireNonNullElse(blocked.remediation(), Remediation.BAN.word())),
                        blocked.until(),
                        blocked.version());
            case IpUnblocked unblocked ->
                new KnownBlock(
                        target,
                        scope,
                        unblocked.reason(),
                        null,
                        Remediation.BAN,
                        past(unblocked.unblockedAt()),
                        unblocked.version());
        };
        put(block);
        watchers.forEach(watcher -> watcher.changed(block));
    }

    private void put(KnownBlock block) {
        table.put(block.target(), block.scope(), block.remediation(), block.until(), block.version());
    }

    private static KnownBlock read(ResultSet row) throws SQLException {
        return new KnownBlock(
                Network.parse(row.getString(1)),
                new Scope(row.getString(2), row.getString(3)),
                row.getString(4),
                row.getString(5),
                Remediation.of(row.getString(6)),
                Database.instant(row, 7),
                row.getLong(8));
    }

    /** The one who ended it may have a clock that runs ahead of ours. */
    private Instant past(Instant time) {
        var now = clock.instant();
        return time.isAfter(now) ? now : time;
    }
}
