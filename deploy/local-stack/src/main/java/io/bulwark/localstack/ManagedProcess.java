package io.bulwark.localstack;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** A process of the stack: noted in the home's state while it runs, its output in the home's log folder. */
final class ManagedProcess {
    /** A stack trace's causes tell what is wrong, its frames push them out of sight. */
    private static final Pattern STACK_FRAME = Pattern.compile("\\s*|\\s+at .*|\\s+\\.\\.\\. \\d+ more");

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final StackState state;
    private final String name;
    private final Path log;
    private final Process process;

    private ManagedProcess(StackState state, String name, Path log, Process process) {
        this.state = state;
        this.name = name;
        this.log = log;
        this.process = process;
    }

    static ManagedProcess start(StackState state, String name, List<String> command, Map<String, String> environment) {
        var log = logOf(state.home(), name);
        try {
            Trees.makePrivate(log.getParent());
            var builder = new ProcessBuilder(inOwnSession(command))
                    .directory(state.home().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new ManagedProcess(state, name, log, state.starting(name, builder));
        } catch (IOException e) {
            throw new StackFailure("Cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    /** Ctrl-C in a terminal reaches the whole foreground group; in a session of its own a server is stopped in order. */
    static List<String> inOwnSession(List<String> command) {
        if (!Files.isExecutable(SETSID)) {
            return command;
        }
        var whole = new ArrayList<>(List.of(SETSID.toString()));
        whole.addAll(command);
        return whole;
    }

    static Path logOf(Path home, String name) {
        return home.resolve("logs").resolve(name + ".log");
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Of a process that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /** SIGKILL, and back only when it is gone: PostgreSQL's sessions outlive their parent by a moment, and hold its data. */
    void kill() {
        var children = process.descendants().toList();
        process.destroyForcibly();
        process.onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
        state.ended(name);
    }

    void stop(String signal, Duration grace) {
        stop(process.toHandle(), signal, grace);
        state.ended(name);
    }

    /** Asks a process to end, and kills it where it has not within the grace. */
    static void stop(ProcessHandle process, String signal, Duration grace) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** What the person reads when it did not come up or went away. */
    StackFailure failure(String what) {
        var lines = lastLines(log, 8);
        return new StackFailure(
                name + " " + what + "; the last lines of " + log + ":\n    " + String.join("\n    ", lines));
    }

    static List<String> lastLines(Path log, int most) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            var start = Math.max(0, file.length() - 65_536);
            file.seek(start);
            var bytes = new byte[(int) (file.length() - start)];
            file.readFully(bytes);
            var lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !STACK_FRAME.matcher(line).matches())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - most), lines.size());
        } catch (IOException e) {
            return List.of("(" + log + " cannot be read)");
        }
    }

    /** Waits until the check holds; fails as soon as the process ends, or when the time is over. */
    void awaitReady(Duration limit, Check check) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            if (!alive()) {
                state.ended(name);
                throw failure("ended with exit code " + exitCode());
            }
            if (check.holds()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw failure("is not ready after " + limit.toSeconds() + " s");
            }
            pause();
        }
    }

    private void pause() {
        try {
            process.onExit().get(100, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // the pause is over and it still runs
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while " + name + " started", e);
        }
    }

    /** True once what is waited for is there. */
    @FunctionalInterface
    interface Check {
        boolean holds();
    }
}
