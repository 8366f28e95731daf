package io.bulwark.ratelimit.signin;

import static io.bulwark.ratelimit.database.Database.column;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.prefix.Scope;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Which accounts are at home where. Takes part in the caller's transaction. */
@ApplicationScoped
public class GoodSignIns {
    private static final String UPSERT = """
            insert into good_sign_in as known (application, place, account, first_at, last_at, count)
            select * from unnest(?::text[], ?::cidr[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
            on conflict (application, place, account) do update set
                first_at = least(known.first_at, excluded.first_at),
                last_at = greatest(known.last_at, excluded.last_at),
                count = known.count + excluded.count""";

    private static final String KNOWS = """
            select exists (select from good_sign_in
                where application = ? and place = ?::cidr and account = ? and first_at < ?)""";

    private static final String IS_HOME = """
            select exists (select from good_sign_in
                where application = ? and place >= ?::cidr and place <= ?::cidr and first_at < ?)""";

    private final Database database;
    private final SignInConfig config;
    private final InstantSource clock;

    GoodSignIns(Database database, SignInConfig config, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    private record Home(String application, Network place, String account) {
        /** In one order everywhere, so that two replicas do not wait for each other's rows. */
        private static final Comparator<Home> ORDER = Comparator.comparing(Home::application)
                .thenComparing(home -> home.place().toString())
                .thenComparing(Home::account);
    }

    private record Visits(Instant first, Instant last, long count) {
        Visits and(Visits other) {
            return new Visits(
                    first.isBefore(other.first) ? first : other.first,
                    last.isAfter(other.last) ? last : other.last,
                    count + other.count);
        }
    }

    private record Row(Home home, Visits visits) {}

    /** Those whose address or application is none are passed over. */
    public void remember(List<CloudEvent<LoginSucceeded>> signIns) {
        var visits = new TreeMap<Home, Visits>(Home.ORDER);
        for (var signIn : signIns) {
            home(signIn).ifPresent(home -> {
                var at = past(signIn.time());
                visits.merge(home, new Visits(at, at, 1), Visits::and);
            });
        }
        if (visits.isEmpty()) {
            return;
        }
        var rows = visits.entrySet().stream()
                .map(entry -> new Row(entry.getKey(), entry.getValue()))
                .toList();
        database.update(
                UPSERT,
                column(rows, row -> row.home().application()),
                column(rows, row -> row.home().place()),
                column(rows, row -> row.home().account()),
                column(rows, row -> row.visits().first()),
                column(rows, row -> row.visits().last()),
                column(rows, row -> row.visits().count()));
    }

    /**
     * Whether the account was at home in the place well before.
     *
     * @param account its key, see {@link AccountKey}
     */
    public boolean knows(String application, String account, Network place, Instant before) {
        return exists(KNOWS, application, place.toString(), account, settledBy(before));
    }

    /** Whether any account was at home in the network well before. */
    public boolean isHome(String application, Network network, Instant before) {
        return exists(IS_HOME, application, network.toString(), network.last().toString(), settledBy(before));
    }

    @Scheduled(
            every = "10m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        database.prune("good_sign_in", "last_at", clock.instant().minus(config.retention()));
    }

    /** Whoever was there by then belongs there. */
    Instant settledBy(Instant attack) {
        return attack.minus(config.settled());
    }

    private boolean exists(String sql, Object... parameters) {
        return database.query(sql, row -> row.getBoolean(1), parameters).getFirst();
    }

    private Optional<Home> home(CloudEvent<LoginSucceeded> signIn) {
        if (!Scope.isApplication(signIn.application())) {
            return Optional.empty();
        }
        try {
            var address = Network.parse(signIn.data().address());
            return address.isAddress()
                    ? Optional.of(new Home(
                            signIn.application(),
                            address.clientNetwork(),
                            AccountKey.of(signIn.data().account())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Instant past(Instant time) {
        var now = clock.instant();
        return (time.isAfter(now) ? now : time).truncatedTo(ChronoUnit.MICROS);
    }
}
