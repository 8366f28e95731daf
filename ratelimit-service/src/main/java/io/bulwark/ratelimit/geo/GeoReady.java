package io.bulwark.ratelimit.geo;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready where a country or an autonomous system is blocked and there is no database that knows who is in it. */
@Readiness
@ApplicationScoped
class GeoReady implements HealthCheck {
    private final GeoTable table;
    private final GeoDatabases databases;

    GeoReady(GeoTable table, GeoDatabases databases) {
        this.table = table;
        this.databases = databases;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("geo databases").status(!table.isBlind());
        for (var database : databases.status()) {
            response.withData(database.kind(), said(database));
        }
        return response.build();
    }

    private static String said(GeoDatabaseStatus database) {
        if (!database.configured()) {
            return "not configured";
        }
        return database.available() ? database.type() + " of " + database.builtAt() : "missing: " + database.failure();
    }
}
