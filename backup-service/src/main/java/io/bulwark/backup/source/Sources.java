package io.bulwark.backup.source;

import io.bulwark.backup.BackupConfig;
import io.bulwark.backup.seal.BrokenSeal;
import io.bulwark.backup.seal.MasterKey;
import io.bulwark.backup.tool.DatabaseLogin;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All registered databases. */
@ApplicationScoped
public class Sources implements PanacheRepositoryBase<Source, UUID> {
    private final MasterKey key;
    private final BackupConfig.Runs limits;
    private final InstantSource clock;

    Sources(MasterKey key, BackupConfig config, InstantSource clock) {
        this.key = key;
        this.limits = config.runs();
        this.clock = clock;
    }

    public Optional<Source> named(String name) {
        return find("name", name).firstResultOptional();
    }

    public List<Source> all() {
        return listAll(Sort.by("name"));
    }

    /** What a dump signs in with; empty where the source is no longer registered. */
    @Transactional(dontRollbackOn = BrokenSeal.class)
    public Optional<DatabaseLogin> login(String name) throws BrokenSeal {
        var source = named(name);
        return source.isPresent() ? Optional.of(source.get().login(key)) : Optional.empty();
    }

    /** @throws SourceTaken where the name is in use */
    Source register(String name, String application, DatabaseLogin login, Duration every, String by) {
        lock();
        if (named(name).isPresent()) {
            throw new SourceTaken(name);
        }
        if (count() >= limits.maxSources()) {
            throw new TooManySources(limits.maxSources());
        }
        return add(name, application, login, every, by);
    }

    /** Registers it, or again where it is another database now: what was backed up of the former does not vouch for it. */
    void registerAsConfigured(String name, String application, DatabaseLogin login, Duration every, String by) {
        lock();
        var known = named(name);
        if (known.isPresent() && known.get().isAt(login)) {
            known.get().connect(login, key);
            return;
        }
        known.ifPresent(this::delete);
        flush(); // or Hibernate would insert before it deletes
        add(name, application, login, every, by);
    }

    List<Source> page(@Nullable String after, int count) {
        return find("name > ?1 order by name", after == null ? "" : after)
                .range(0, count - 1)
                .list();
    }

    private Source add(String name, String application, DatabaseLogin login, Duration every, String by) {
        var source = new Source(name, application, every, by, clock.instant());
        source.connect(login, key);
        persist(source);
        return source;
    }

    /** Registrations come one at a time, over all replicas; they are rare. */
    private void lock() {
        getEntityManager()
                .createNativeQuery("select cast(pg_advisory_xact_lock(hashtextextended('backup sources', 0)) as text)")
                .getSingleResult();
    }
}
