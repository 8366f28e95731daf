package io.bulwark.ratelimit.detection;

import io.bulwark.testkit.TestDatabase;
import java.sql.SQLException;

/** What the service remembers of sign-ins. */
final class SignIns {
    private SignIns() {}

    static boolean remembered(String address) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var query = connection.prepareStatement(
                        "select exists (select from ratelimit.good_sign_in where place = ?::cidr)")) {
            query.setString(1, address);
            try (var result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }
}
