package io.bulwark.localstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a home directory remembers between runs: generated secrets, ports, and the processes that belong to it. Kept in
 * {@code state.json}, readable by its owner alone.
 */
public final class StackState {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FILE = "state.json";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Field 22, counted from the state of the process, which is the third. */
    private static final int START_TICKS = 22 - 3;

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final Path home;
    private final Contents contents;
    private boolean stopping;

    private StackState(Path home, Contents contents) {
        this.home = home;
        this.contents = contents;
    }

    /** The state of a home, which is made if need be. */
    public static StackState open(Path home) {
        var made = make(home);
        try {
            return new StackState(made, read(made));
        } catch (JsonProcessingException e) {
            throw new StackFailure(made.resolve(FILE) + " is damaged; ./bulwark up --fresh starts over", e);
        }
    }

    /** As {@link #open}, for who starts over: what is damaged is forgotten. */
    static StackState salvage(Path home) {
        var made = make(home);
        try {
            return new StackState(made, read(made));
        } catch (JsonProcessingException e) {
            return new StackState(made, new Contents());
        }
    }

    /** The folder itself, which is made if need be. */
    static Path make(Path home) {
        var absolute = home.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute);
                // Others may pass through (an unprivileged PostgreSQL does), but neither list nor read.
                Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx--x--x"));
            }
            return absolute;
        } catch (IOException e) {
            throw new StackFailure("Cannot use " + absolute + ": " + reason(e), e);
        }
    }

    /** The state of a home that exists; empty where nothing was ever started there. */
    public static Optional<StackState> find(Path home) {
        var absolute = home.toAbsolutePath().normalize();
        return Files.exists(absolute.resolve(FILE)) ? Optional.of(open(absolute)) : Optional.empty();
    }

    public Path home() {
        return home;
    }

    /** The secret of this name, generated when first asked for. Letters and digits only, so it needs no quoting anywhere. */
    public synchronized String secret(String name) {
        var known = contents.secrets.get(name);
        if (known != null) {
            return known;
        }
        var secret = RANDOM.ints(32, 0, LETTERS.length())
                .collect(StringBuilder::new, (text, at) -> text.append(LETTERS.charAt(at)), StringBuilder::append)
                .toString();
        contents.secrets.put(name, secret);
        save();
        return secret;
    }

    /** @throws StackFailure where this home has no such port */
    public synchronized int port(String name) {
        var port = contents.ports.get(name);
        if (port == null) {
            throw new StackFailure("No port of " + name + " is known in " + home + ": start it with ./bulwark up");
        }
        return port;
    }

    public synchronized void port(String name, int port) {
        contents.ports.put(name, port);
        save();
    }

    synchronized Map<String, Running> processes() {
        return Map.copyOf(contents.processes);
    }

    /** Starts a process and notes it down in one go, so that a shutdown that begins meanwhile misses none. */
    synchronized Process starting(String name, ProcessBuilder builder) throws IOException {
        if (stopping) {
            throw new StackFailure("Not starting " + name + ": the stack is being stopped");
        }
        var process = builder.start();
        started(name, process.toHandle());
        return process;
    }

    synchronized void refuseStarts() {
        stopping = true;
    }

    synchronized void started(String name, ProcessHandle process) {
        contents.processes.put(name, Running.of(process));
        save();
    }

    synchronized void ended(String name) {
        contents.processes.remove(name);
        save();
    }

    private static Contents read(Path home) throws JsonProcessingException {
        var file = home.resolve(FILE);
        try {
            return Files.exists(file)
                    ? JSON.readValue(new String(Files.readAllBytes(file), UTF_8), Contents.class)
                    : new Contents();
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new StackFailure("Cannot read " + file + ": " + reason(e), e);
        }
    }

    private void save() {
        var file = home.resolve(FILE);
        var next = home.resolve("state.json.next");
        try {
            SecretFile.write(next, JSON.writeValueAsString(contents));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            throw new StackFailure("Cannot write " + file + ": " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        var cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof FileSystemException failed
                ? Objects.requireNonNullElse(
                        failed.getReason(), failed.getClass().getSimpleName())
                : String.valueOf(cause.getMessage());
    }

    /** A process as noted down: its start tells it from a later one that was given the same id. */
    record Running(
            @JsonProperty("pid") long pid,
            @JsonProperty("startedAt") String startedAt) {
        static Running of(ProcessHandle process) {
            return new Running(process.pid(), startOf(process));
        }

        /** The process itself while it lives; empty where it ended or the id went to another after a power-off. */
        Optional<ProcessHandle> handle() {
            return ProcessHandle.of(pid)
                    .filter(process -> startOf(process).equals(startedAt))
                    .filter(ProcessHandle::isAlive);
        }

        boolean isCurrent() {
            return pid == ProcessHandle.current().pid();
        }

        /**
         * On Linux the boot and the clock ticks since it (proc(5)). The instant that Java tells is counted from the time of day, and
         * is another one in the next JVM where that was corrected meanwhile.
         */
        private static String startOf(ProcessHandle process) {
            try {
                var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // the name before may hold anything
                return Files.readString(BOOT).strip() + '/' + fields[START_TICKS];
            } catch (IOException e) {
                return process.info()
                        .startInstant()
                        .map(start -> Long.toString(start.toEpochMilli()))
                        .orElse("");
            }
        }
    }

    private static final class Contents {
        @JsonProperty
        Map<String, Integer> ports = new TreeMap<>();

        @JsonProperty
        Map<String, String> secrets = new TreeMap<>();

        @JsonProperty
        Map<String, Running> processes = new TreeMap<>();
    }
}
