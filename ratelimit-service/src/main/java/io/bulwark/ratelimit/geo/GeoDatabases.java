package io.bulwark.ratelimit.geo;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;

/** The two databases that there may be. */
@Singleton
class GeoDatabases {
    private final GeoDatabase countries;
    private final GeoDatabase systems;

    GeoDatabases(GeoConfig config) {
        this.countries = new GeoDatabase(
                GeoDatabase.Kind.COUNTRY, config.countryDatabase().orElse(null));
        this.systems = new GeoDatabase(GeoDatabase.Kind.AS, config.asDatabase().orElse(null));
    }

    GeoDatabase countries() {
        return countries;
    }

    GeoDatabase systems() {
        return systems;
    }

    GeoDatabase of(GeoDatabase.Kind kind) {
        return kind == GeoDatabase.Kind.COUNTRY ? countries : systems;
    }

    List<GeoDatabaseStatus> status() {
        return List.of(countries.status(), systems.status());
    }

    /** Before the rules are read, so that none is in force without what it needs. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
        check();
    }

    @Scheduled(every = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    void check() {
        countries.check();
        systems.check();
    }
}
