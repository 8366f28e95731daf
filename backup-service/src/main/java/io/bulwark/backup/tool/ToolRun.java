package io.bulwark.backup.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process of one of PostgreSQL's tools. Closing it ends it, whatever it is doing. */
public final class ToolRun implements AutoCloseable {
    private static final int KILLED = 128;

    private final String name;
    private final Process process;
    private final Duration timeout;
    private final Complaint complaint;
    private final Thread errors;
    private final CompletableFuture<Process> watch;

    private ToolRun(String name, Process process, Duration timeout, String secret, Consumer<String> told) {
        this.name = name;
        this.process = process;
        this.timeout = timeout;
        complaint = new Complaint(secret);
        errors = Thread.ofPlatform().daemon().name(name + " errors").start(() -> readErrors(told));
        watch = process.onExit()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null) {
                        process.destroyForcibly();
                    }
                });
    }

    /**
     * Starts a tool with nothing of our own environment, which holds secrets.
     *
     * @param secret what must not be in anything that it prints
     * @param told every line that it prints beside its output
     */
    static ToolRun start(
            Path tool,
            List<String> arguments,
            Map<String, String> environment,
            Duration timeout,
            String secret,
            Consumer<String> told)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(tool.toString());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        // Messages are read, so they must be in one language.
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"));
        builder.environment().putAll(environment);
        return new ToolRun(tool.getFileName().toString(), builder.start(), timeout, secret, told);
    }

    public long pid() {
        return process.pid();
    }

    /** What the tool writes. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** What the tool reads. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /**
     * Waits until the tool has ended.
     *
     * @return why it failed, in one line without secrets; null where it did not
     */
    public @Nullable String failure() throws InterruptedException {
        var code = process.waitFor();
        errors.join();
        if (code == 0) {
            return null;
        }
        if (watch.isCompletedExceptionally()) {
            return name + " had not ended after " + timeout + " and was killed";
        }
        if (code > KILLED) {
            return name + " was killed by signal " + (code - KILLED);
        }
        var said = complaint.text();
        return said == null ? name + " ended with code " + code : said;
    }

    /** Whether somebody else ended it, which says nothing of what it read. */
    public boolean wasKilled() {
        return process.exitValue() > KILLED;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        watch.cancel(false);
    }

    private void readErrors(Consumer<String> told) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                complaint.read(line);
                told.accept(line);
            }
        } catch (IOException e) {
            complaint.read(name + ": its messages could not be read");
        }
    }
}
