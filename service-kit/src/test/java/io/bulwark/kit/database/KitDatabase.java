package io.bulwark.kit.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.bulwark.localstack.PostgresAccess;
import java.io.IOException;
import java.sql.SQLException;

/** A database that holds the kit's tables and nothing else. */
public final class KitDatabase {
    private static final int CONNECTIONS = 5;

    private KitDatabase() {}

    /** An empty one; the caller closes it. */
    public static AgroalDataSource open(PostgresAccess postgres, String name) throws SQLException, IOException {
        postgres.dropDatabase(name);
        postgres.createDatabase(name);
        var dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .connectionFactoryConfiguration(to -> to.jdbcUrl(postgres.jdbcUrl(name))
                                .principal(new NamePrincipal(PostgresAccess.SUPERUSER))
                                .credential(new SimplePassword(postgres.superuserPassword())))));
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var tables = KitDatabase.class.getResourceAsStream("/db/kit/V0_1__outbox_and_inbox.sql")) {
            statement.execute(new String(tables.readAllBytes(), UTF_8));
        }
        return dataSource;
    }
}
