package io.bulwark.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real PostgreSQL in a folder of its home. Durable as in production: what was committed survives {@link #kill()}.
 * Nobody connects without a password.
 */
public final class PostgresServer extends ServerProcess {
    static final String NAME = "postgres";

    /** What a server of ours is told, wherever it runs; {@link PostgresAccess} counts on so many connections. */
    static final List<String> SETTINGS = List.of(
            "max_connections=250",
            "fsync=on",
            "synchronous_commit=on",
            "password_encryption=scram-sha-256",
            "shared_buffers=64MB",
            "max_wal_size=512MB",
            "log_timezone=UTC",
            "timezone=UTC");

    private final int port;
    private final Path binaries;
    private final Unprivileged user;
    private final Path folder;
    private final PostgresAccess access;

    private PostgresServer(Path root, StackState state, int port) {
        // SIGTERM would wait for every client to leave.
        super(state, NAME, "INT");
        this.port = port;
        this.user = Unprivileged.here();
        this.binaries = PostgresBinaries.unpack(root, state.home());
        this.folder = state.home().resolve(NAME);
        state.port(NAME, port);
        this.access = new PostgresAccess(state);
        initialise();
        run();
    }

    /** Starts it, on the data that its home holds, with the database {@value PostgresAccess#DATABASE} laid out. */
    public static PostgresServer start(Path root, StackState state, int port) {
        var server = new PostgresServer(root, state, port);
        try {
            server.access.prepare();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** How to reach it. */
    public PostgresAccess access() {
        return access;
    }

    @Override
    List<String> command() {
        forgetReusedPid();
        var here = Stream.of("listen_addresses=127.0.0.1", "unix_socket_directories=");
        var command = Stream.concat(
                        Stream.of(binary("postgres"), "-D", folder.toString(), "-p", Integer.toString(port)),
                        Stream.concat(here, SETTINGS.stream()).flatMap(setting -> Stream.of("-c", setting)))
                .toList();
        return user.command(command);
    }

    /** After a power-off the id that PostgreSQL noted may be another program's, and it would wait for that one to end. */
    private void forgetReusedPid() {
        var noted = folder.resolve("postmaster.pid");
        try {
            if (Files.exists(noted) && ranByAnother(Files.readAllLines(noted).getFirst())) {
                Files.delete(noted);
            }
        } catch (IOException e) {
            throw new StackFailure("Cannot read " + noted + ": " + e.getMessage(), e);
        }
    }

    private static boolean ranByAnother(String pid) {
        return ProcessHandle.of(Long.parseLong(pid.strip()))
                .flatMap(process -> process.info().command())
                .filter(command -> !command.endsWith("postgres"))
                .isPresent();
    }

    @Override
    boolean answers() {
        try (var connection = access.connectAsSuperuser("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            if ("28P01".equals(e.getSQLState())) {
                throw new StackFailure(
                        "The data in " + folder + " is not of this state.json; ./bulwark up --fresh starts over", e);
            }
            return false;
        }
    }

    private void initialise() {
        if (Files.exists(folder.resolve("PG_VERSION"))) {
            return;
        }
        try {
            // Made beside and moved into place, so that an interrupted start leaves no half cluster.
            var next = state.home().resolve(NAME + ".next");
            Trees.delete(next);
            Trees.delete(folder);
            Files.createDirectory(next);
            user.own(next);
            initdb(next);
            user.own(SecretFile.write(next.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n"));
            Files.move(next, folder);
        } catch (IOException e) {
            throw new StackFailure("Cannot make a database in " + folder + ": " + e.getMessage(), e);
        }
    }

    private void initdb(Path target) throws IOException {
        var password = SecretFile.write(state.home().resolve("superuser.password"), access.superuserPassword());
        try {
            user.own(password);
            prepareWith(
                    "initdb",
                    user.command(List.of(
                            binary("initdb"),
                            "-D",
                            target.toString(),
                            "-U",
                            PostgresAccess.SUPERUSER,
                            "--pwfile=" + password,
                            "-A",
                            "scram-sha-256",
                            "-E",
                            "UTF8",
                            "--locale=C",
                            "--no-instructions")));
        } finally {
            Files.deleteIfExists(password);
        }
    }

    private String binary(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }
}
