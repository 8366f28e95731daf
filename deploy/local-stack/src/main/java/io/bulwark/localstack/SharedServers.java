package io.bulwark.localstack;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL, Kafka and on demand an object store that the test JVMs of one Maven run share: the first starts them, and
 * they end by themselves with that run. Each JVM has them for itself while it lives, since it empties topics: JVMs that run
 * side by side are given several. Where no Maven runs (an IDE), they end with the test JVM. PostgreSQL and Kafka
 * are {@link PostgresServer} and {@link KafkaServer} unless the class path has {@link TestServersElsewhere} to choose.
 */
public final class SharedServers {
    static final String READY = "ready";
    /** The file with the process id of the JVM that has the servers. */
    static final String USER = "user";

    /** Long enough to fetch images, where the servers run in containers; a server that fails ends the wait at once. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path root;
    private final StackState state;

    private SharedServers(Path root, StackState state) {
        this.root = root;
        this.state = state;
    }

    /** The run's servers, started where this is the first to ask. */
    public static SharedServers acquire(Path root) {
        return acquire(root, watched());
    }

    static SharedServers acquire(Path root, ProcessHandle watched) {
        var folder = root.toAbsolutePath().normalize().resolve("target/test-servers");
        return locked(folder, () -> {
            var home = Stream.iterate(1, number -> number + 1)
                    .map(number -> folder.resolve(watched.pid() + "-" + number))
                    .filter(SharedServers::isMine)
                    .findFirst()
                    .orElseThrow();
            var servers = running(root, home).orElseGet(() -> start(root, home, watched));
            Files.writeString(
                    home.resolve(USER), Long.toString(ProcessHandle.current().pid()));
            return servers;
        });
    }

    /** Also where nobody uses it any more, or yet. */
    private static boolean isMine(Path home) {
        try {
            var user = Long.parseLong(Files.readString(home.resolve(USER)));
            return user == ProcessHandle.current().pid()
                    || ProcessHandle.of(user).isEmpty();
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            throw new StackFailure("Cannot read who uses " + home + ": " + e.getMessage(), e);
        }
    }

    public PostgresAccess postgres() {
        return new PostgresAccess(state);
    }

    public KafkaAccess kafka() {
        return new KafkaAccess(state);
    }

    /** The object store, started when first asked for. */
    public ObjectStoreAccess objectStore() {
        return locked(state.home().getParent(), () -> {
            var now = StackState.open(state.home());
            var known = now.processes().get(ObjectStore.NAME);
            if (known == null || known.handle().isEmpty()) {
                ObjectStore.announce(now);
                ObjectStore.start(root, now);
            }
            return new ObjectStoreAccess(now);
        });
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private static <T> T locked(Path folder, Action<T> action) {
        try {
            Files.createDirectories(folder);
            try (var file = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = file.lock()) {
                if (!lock.isValid()) {
                    throw new StackFailure("Lost the lock of " + folder);
                }
                return action.run();
            }
        } catch (IOException e) {
            throw new StackFailure("Cannot share test servers in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Optional<SharedServers> running(Path root, Path home) {
        return StackState.find(home)
                .filter(state -> Files.exists(home.resolve(READY)))
                .filter(state -> state.processes().containsKey(TestServers.NAME))
                .filter(state -> state.processes().values().stream()
                        .allMatch(process -> process.handle().isPresent()))
                .map(state -> new SharedServers(root, state));
    }

    private static SharedServers start(Path root, Path home, ProcessHandle watched) {
        Leftovers.remove(home.getParent());
        var state = StackState.open(home);
        var command = List.of(
                Libraries.java(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                TestServers.class.getName(),
                root.toAbsolutePath().toString(),
                home.toString(),
                Long.toString(watched.pid()));
        var process = ManagedProcess.start(state, TestServers.NAME, command, Map.of());
        process.awaitReady(LIMIT, () -> Files.exists(home.resolve(READY)));
        return new SharedServers(root, StackState.open(home));
    }

    /** The Maven that runs the tests, where one does. */
    private static ProcessHandle watched() {
        var self = ProcessHandle.current();
        for (var at = self.parent(); at.isPresent(); at = at.get().parent()) {
            if (at.get().info().commandLine().orElse("").contains("org.codehaus.plexus.classworlds")) {
                return at.get();
            }
        }
        return self;
    }

    private static final class Leftovers {
        /** Homes of runs that are over: ended runs remove their own, killed ones cannot. */
        static void remove(Path folder) {
            var homes = folder.toFile().listFiles(File::isDirectory);
            for (var home : homes == null ? new File[0] : homes) {
                var state = StackState.find(home.toPath());
                var over = state.map(known -> !known.processes().containsKey(TestServers.NAME)
                                || known.processes()
                                        .get(TestServers.NAME)
                                        .handle()
                                        .isEmpty())
                        .orElse(true);
                if (over) {
                    state.ifPresent(Shutdown::now);
                    delete(home.toPath());
                }
            }
        }

        private static void delete(Path home) {
            try {
                Trees.delete(home);
            } catch (IOException e) {
                throw new StackFailure("Cannot remove " + home + ": " + e.getMessage(), e);
            }
        }
    }
}
