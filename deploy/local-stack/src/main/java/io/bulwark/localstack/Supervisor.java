package io.bulwark.localstack;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps one stack running for {@code ./bulwark up}: it starts it, watches it, and takes all of it down when a process
 * dies or it is told to end. It does not restart what died; that is a deployment's work.
 */
final class Supervisor {
    static final String NAME = "supervisor";

    private static final long DISK_NEEDED = 1L << 30;
    private static final String LOCK = "lock";
    private static final String READY = "ready";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final StackPlan plan;
    private final PrintStream out;
    /** Held in a field: a lock that nobody refers to is collected, and with it released. */
    private FileLock alone;

    private volatile boolean told;

    Supervisor(StackPlan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    /** Back only when a process of the stack died; a signal ends the JVM from under it. */
    StackFailure run(boolean fresh, boolean showFirstAdmin) {
        var state = takeOver(fresh);
        requireDisk(state.home());
        state.started(NAME, ProcessHandle.current());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(state), "shutdown"));
        var started = System.nanoTime();
        var stack = LocalStack.start(plan, state);
        var seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
        Summary.print(out, state, seconds);
        if (showFirstAdmin) {
            Summary.printFirstAdmin(out, state);
            out.println("Ctrl-C stops it.");
        }
        SecretFile.write(
                state.home().resolve(READY),
                Long.toString(ProcessHandle.current().pid()));
        var dead = stack.firstToEnd().join();
        return dead.failure("ended with exit code " + dead.exitCode() + ", so Bulwark stops");
    }

    /** True from the moment on that a signal has begun to end this JVM: what fails after that is no news. */
    boolean told() {
        return told;
    }

    /** Fails where a supervisor of this home runs. */
    static void requireNone(StackState state) {
        var supervisor = state.processes().get(NAME);
        if (supervisor != null && supervisor.handle().isPresent()) {
            throw alreadyUp(state.home());
        }
    }

    static boolean ready(Path home, long pid) {
        try {
            return Files.readString(home.resolve(READY)).equals(Long.toString(pid));
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops a stack from outside. False where there was none. */
    static boolean down(Path home) {
        var state = StackState.find(home);
        var running = state.map(StackState::processes).orElse(Map.of());
        if (running.values().stream().allMatch(process -> process.handle().isEmpty())) {
            return false;
        }
        if (running.containsKey(NAME)) {
            running.get(NAME).handle().ifPresent(supervisor -> ManagedProcess.stop(supervisor, "TERM", STOP_LIMIT));
        }
        // Where the supervisor was killed, what it started still runs.
        Shutdown.of(StackState.open(home));
        return true;
    }

    private StackState takeOver(boolean fresh) {
        requireAlone(StackState.make(plan.home()));
        var state = fresh ? StackState.salvage(plan.home()) : StackState.open(plan.home());
        if (state.processes().values().stream()
                .anyMatch(process -> process.handle().isPresent())) {
            out.println("Stopping what an earlier run left behind");
            Shutdown.of(state);
        }
        try {
            if (fresh) {
                clear(state.home());
            }
            Files.deleteIfExists(state.home().resolve(READY));
        } catch (IOException e) {
            throw new StackFailure("Cannot clear " + state.home() + ": " + e.getMessage(), e);
        }
        return StackState.open(plan.home());
    }

    private void requireAlone(Path home) {
        var file = home.resolve(LOCK);
        try {
            alone = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock();
        } catch (IOException | OverlappingFileLockException e) {
            throw new StackFailure("Cannot lock " + file + ": " + e.getMessage(), e);
        }
        if (alone == null) {
            throw alreadyUp(home);
        }
    }

    private static StackFailure alreadyUp(Path home) {
        return new StackFailure("Bulwark is up already from " + home + "; ./bulwark down stops it");
    }

    /** All but the lock and the log that this very run may be writing to. */
    private static void clear(Path home) throws IOException {
        var log = ManagedProcess.logOf(home, Detached.LOG);
        try (var entries = Files.list(home);
                var logs = Files.exists(log) ? Files.list(log.getParent()) : Stream.<Path>empty()) {
            var kept = Set.of(home.resolve(LOCK), log, log.getParent());
            for (var entry : Stream.concat(entries, logs)
                    .filter(entry -> !kept.contains(entry))
                    .toList()) {
                Trees.delete(entry);
            }
        }
    }

    private static void requireDisk(Path home) {
        try {
            var free = Files.getFileStore(home).getUsableSpace();
            if (free < DISK_NEEDED) {
                throw new StackFailure("Only " + (free >> 20) + " MB are free for " + home + "; Bulwark needs "
                        + (DISK_NEEDED >> 20) + " MB");
            }
        } catch (IOException e) {
            throw new StackFailure("Cannot tell how much room " + home + " has: " + e.getMessage(), e);
        }
    }

    private void stop(StackState state) {
        told = true;
        if (state.processes().size() > 1) {
            out.println("Stopping Bulwark ...");
            Shutdown.of(state);
            out.println("Stopped.");
        }
        try {
            Files.deleteIfExists(state.home().resolve(READY));
        } catch (IOException e) {
            out.println("Cannot remove " + state.home().resolve(READY) + ": " + e.getMessage());
        }
        state.ended(NAME);
        release();
    }

    private void release() {
        try {
            alone.release();
        } catch (IOException e) {
            out.println("Cannot release the lock of the home: " + e.getMessage());
        }
    }
}
