package io.bulwark.localstack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real PostgreSQL in a folder of its home. Durable as in production: what was committed survives {@link #kill()}.
 * Nobody connects without a password.
 */
public final class PostgresServer implements AutoCloseable {
    static final String NAME = "postgres";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MAX_CONNECTIONS = 250;

    private final StackState state;
    private final int port;
    private final Path binaries;
    private final Unprivileged user;
    private final Path folder;
    private final PostgresAccess access;
    private volatile ManagedProcess process;

    private PostgresServer(Path root, StackState state, int port) {
        this.state = state;
        this.port = port;
        this.user = Unprivileged.here();
        this.binaries = PostgresBinaries.unpack(root, state.home());
        this.folder = state.home().resolve(NAME);
        state.port(NAME, port);
        this.access = new PostgresAccess(state);
        initialise();
        this.process = run();
    }

    /** Starts it, on the data that its home holds, with the database {@value PostgresAccess#DATABASE} laid out. */
    public static PostgresServer start(Path root, StackState state, int port) {
        var server = new PostgresServer(root, state, port);
        try {
            server.access.layOut();
        } catch (SQLException e) {
            server.close();
            throw new StackFailure("PostgreSQL runs, but cannot be set up: " + e.getMessage(), e);
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

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.alive();
    }

    /** SIGKILL, as a power cut would. Back once it is gone; {@link #restart()} brings it up on the same data. */
    public void kill() {
        process.kill();
    }

    /** Stops it in order, ending open sessions. */
    public void stop() {
        // SIGTERM would wait for every client to leave.
        process.stop("INT", Duration.ofSeconds(20));
    }

    /** Brings it up again on the same port and data, stopping it first where it still runs. */
    public void restart() {
        if (alive()) {
            stop();
        }
        process = run();
    }

    @Override
    public void close() {
        stop();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    ManagedProcess process() {
        return process;
    }

    private ManagedProcess run() {
        forgetReusedPid();
        var settings = Map.of(
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", "",
                "max_connections", Integer.toString(MAX_CONNECTIONS),
                "fsync", "on",
                "synchronous_commit", "on",
                "password_encryption", "scram-sha-256",
                "shared_buffers", "64MB",
                "max_wal_size", "512MB",
                "log_timezone", "UTC",
                "timezone", "UTC");
        var command = Stream.concat(
                        Stream.of(binary("postgres"), "-D", folder.toString(), "-p", Integer.toString(port)),
                        settings.entrySet().stream()
                                .flatMap(setting -> Stream.of("-c", setting.getKey() + "=" + setting.getValue())))
                .collect(Collectors.toList());
        var started = ManagedProcess.start(state, NAME, user.command(command), Map.of());
        try {
            started.awaitReady(LIMIT, this::answers);
        } catch (RuntimeException e) {
            started.stop("INT", Duration.ofSeconds(5));
            throw e;
        }
        return started;
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

    private boolean answers() {
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
        var log = ManagedProcess.logOf(state.home(), "initdb");
        Files.createDirectories(log.getParent());
        try {
            user.own(password);
            var command = List.of(
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
                    "--no-instructions");
            var exit = new ProcessBuilder(user.command(command))
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new StackFailure("initdb failed: " + String.join(" ", ManagedProcess.lastLines(log, 3)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while PostgreSQL was set up", e);
        } finally {
            Files.deleteIfExists(password);
        }
    }

    private String binary(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }
}
