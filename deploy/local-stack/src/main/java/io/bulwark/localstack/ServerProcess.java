package io.bulwark.localstack;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server of the stack: one process, which can be killed and brought up again on the same ports and data. */
public abstract sealed class ServerProcess implements AutoCloseable permits KafkaServer, ObjectStore, PostgresServer {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(20);

    final StackState state;
    private final String name;
    private final String stopSignal;
    private volatile ManagedProcess process;

    ServerProcess(StackState state, String name, String stopSignal) {
        this.state = state;
        this.name = name;
        this.stopSignal = stopSignal;
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
        process.stop(stopSignal, STOP_GRACE);
    }

    /** Brings it up again on the same ports and data, stopping it first where it still runs. */
    public void restart() {
        if (alive()) {
            stop();
        }
        run();
    }

    @Override
    public void close() {
        stop();
    }

    ManagedProcess process() {
        return process;
    }

    /** Starts it; back once it answers, and with nothing left running where it does not. */
    final void run() {
        var started = ManagedProcess.start(state, name, command(), Map.of());
        try {
            started.awaitReady(START_LIMIT, this::answers);
        } catch (RuntimeException e) {
            started.stop(stopSignal, Duration.ofSeconds(5));
            throw e;
        }
        process = started;
    }

    abstract List<String> command();

    abstract boolean answers();

    /** Runs a tool that prepares the server to its end; the folder is one that any user may be in. */
    final void prepareWith(String tool, List<String> command) throws IOException {
        var log = ManagedProcess.logOf(state.home(), tool);
        Trees.makePrivate(log.getParent());
        try {
            var exit = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new StackFailure(tool + " failed: " + String.join(" ", ManagedProcess.lastLines(log, 3)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted in " + tool, e);
        }
    }
}
