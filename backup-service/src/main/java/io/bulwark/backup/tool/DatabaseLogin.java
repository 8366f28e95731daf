package io.bulwark.backup.tool;

import java.util.Arrays;

/** What pg_dump needs to reach a database. */
public record DatabaseLogin(String host, int port, String database, String user, String password, SslMode sslMode) {

    /** How the connection is protected, in libpq's words. */
    public enum SslMode {
        DISABLE("disable"),
        PREFER("prefer"),
        REQUIRE("require"),
        VERIFY_FULL("verify-full");

        private final String libpq;

        SslMode(String libpq) {
            this.libpq = libpq;
        }

        /** @throws IllegalArgumentException where libpq has no such mode, or it is not offered here */
        public static SslMode of(String libpq) {
            return Arrays.stream(values())
                    .filter(mode -> mode.libpq.equals(libpq))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(libpq));
        }

        public String libpq() {
            return libpq;
        }
    }

    /** A line of a password file (libpq, section 34.16); it is used for one database only, so the rest may be anything. */
    String passwordLine() {
        return "*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:") + "\n";
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
