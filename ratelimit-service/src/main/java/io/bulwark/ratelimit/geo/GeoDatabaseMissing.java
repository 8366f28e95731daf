package io.bulwark.ratelimit.geo;

import io.bulwark.kit.problem.Problem;

/** There is no database by which the block could be enforced. */
final class GeoDatabaseMissing extends Problem {
    private static final long serialVersionUID = 1L;

    GeoDatabaseMissing(GeoDatabaseStatus database) {
        super(
                409,
                "geo-database-missing",
                database.configured()
                        ? "The " + database.kind() + " database cannot be read: " + database.failure()
                        : "There is no " + database.kind() + " database: set bulwark.ratelimit.geo." + database.kind()
                                + "-database");
    }
}
