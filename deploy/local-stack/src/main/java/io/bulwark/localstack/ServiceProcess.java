package io.bulwark.localstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One of the five services, or a replica of one, as a process on a port. */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(180);
    private static final Duration GRACE = Duration.ofSeconds(20);

    /** The first release of Java that warns of {@code sun.misc.Unsafe} unless it is told not to (JEP 498). */
    private static final int WATCHES_UNSAFE = 24;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Path root;
    private final StackState state;
    private final SuiteService service;
    private final String name;
    private final Map<String, String> environment;
    private volatile ManagedProcess process;

    private ServiceProcess(
            Path root, StackState state, SuiteService service, String name, int port, Map<String, String> environment) {
        this.root = root;
        this.state = state;
        this.service = service;
        this.name = name;
        this.environment = new TreeMap<>(environment);
        this.environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        state.port(name, port);
        this.process = run();
    }

    /** Starts it and does not wait. */
    static ServiceProcess start(
            Path root, StackState state, SuiteService service, String name, int port, Map<String, String> environment) {
        return new ServiceProcess(root, state, service, name, port, environment);
    }

    public SuiteService service() {
        return service;
    }

    /** The application's name; a replica's has its number behind it. */
    public String name() {
        return name;
    }

    public URI url() {
        return url(state, name);
    }

    public Path log() {
        return ManagedProcess.logOf(state.home(), name);
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.alive();
    }

    /** Whether it says of itself that it is ready. */
    public boolean ready() {
        return ready(url());
    }

    /** Back once it is ready. @throws StackFailure where it ends or the limit passes before */
    public void awaitReady() {
        process.awaitReady(READY_LIMIT, this::ready);
    }

    /** SIGKILL. Back once it is gone; {@link #restart()} brings it up again. */
    public void kill() {
        process.kill();
    }

    /** SIGTERM, as a rolling update does. */
    public void stop() {
        process.stop("TERM", GRACE);
    }

    /** Brings it up again on its port, stopping it first where it still runs, and does not wait. */
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

    ManagedProcess process() {
        return process;
    }

    static URI url(StackState state, String name) {
        return URI.create("http://127.0.0.1:" + state.port(name));
    }

    static boolean ready(URI url) {
        var request = HttpRequest.newBuilder(url.resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the user adds, after ours: of two that say the same, the last one counts. */
    private static List<String> chosenOptions() {
        var chosen = System.getenv("BULWARK_JAVA_OPTIONS");
        return chosen == null || chosen.isBlank()
                ? List.of()
                : List.of(chosen.strip().split("\\s+"));
    }

    private ManagedProcess run() {
        var jar = root.resolve(service.application()).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new StackFailure(
                    service.application() + " is not built: " + jar + " is missing; ./bulwark builds it");
        }
        var command = new ArrayList<>(List.of(Libraries.java()));
        command.addAll(service.heap());
        command.addAll(List.of(
                "-Xss512k", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=64m", "-XX:+ExitOnOutOfMemoryError"));
        if (Runtime.version().feature() >= WATCHES_UNSAFE) {
            command.add(
                    "--sun-misc-unsafe-memory-access=allow"); // Netty asks at every access otherwise, at 3 % of the CPU
        }
        command.addAll(chosenOptions());
        command.addAll(List.of("-jar", jar.toString()));
        return ManagedProcess.start(state, name, command, environment);
    }
}
