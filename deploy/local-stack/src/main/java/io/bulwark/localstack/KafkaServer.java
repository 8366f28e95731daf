package io.bulwark.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker and its controller in one process, on a class path of its own. Closed: clients come in with
 * SCRAM, the controller asks for a password too, and the authorizer denies what {@link KafkaAccess} does not grant.
 */
public final class KafkaServer implements AutoCloseable {
    static final String NAME = "kafka";
    static final String CONTROLLER = "kafka-controller";
    private static final String LOG_FORMAT =
            "-Djava.util.logging.SimpleFormatter.format=%1$tFT%1$tT %4$s %3$s %5$s%6$s%n";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final StackState state;
    private final Path root;
    private final Path folder;
    private final KafkaAccess access;
    private volatile ManagedProcess process;

    private KafkaServer(Path root, StackState state, int port, int controllerPort) {
        this.root = root;
        this.state = state;
        this.folder = state.home().resolve(NAME);
        state.port(NAME, port);
        state.port(CONTROLLER, controllerPort);
        this.access = new KafkaAccess(state);
        initialise();
        this.process = run();
    }

    /** Starts it on the data that its home holds; principals, topics and rights are there when this returns. */
    public static KafkaServer start(Path root, StackState state, int port, int controllerPort) {
        var server = new KafkaServer(root, state, port, controllerPort);
        try {
            server.access.provision("");
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** How to reach it. */
    public KafkaAccess access() {
        return access;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.alive();
    }

    /** SIGKILL. Back once it is gone; {@link #restart()} brings it up on the same data. */
    public void kill() {
        process.kill();
    }

    public void stop() {
        process.stop("TERM", Duration.ofSeconds(20));
    }

    /** Brings it up again on the same ports and data, stopping it first where it still runs. */
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
        var started = ManagedProcess.start(
                state, NAME, java(List.of("-Xmx384m", LOG_FORMAT), "kafka.Kafka", config().toString()), Map.of());
        try {
            started.awaitReady(LIMIT, access::listens);
            started.awaitReady(LIMIT, access::answers);
        } catch (RuntimeException e) {
            started.stop("TERM", Duration.ofSeconds(5));
            throw e;
        }
        return started;
    }

    private void initialise() {
        try {
            Files.createDirectories(folder);
            writeConfig();
            if (!Files.exists(folder.resolve("data/meta.properties"))) {
                format();
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StackFailure("Cannot set up Kafka in " + folder + ": " + e.getMessage(), e);
        }
    }

    private void format() throws IOException {
        var log = ManagedProcess.logOf(state.home(), "kafka-format");
        Files.createDirectories(log.getParent());
        // From a file: an argument could be read by every user of the machine.
        var admin = SecretFile.write(
                folder.resolve("format.arguments"),
                "--add-scram\nSCRAM-SHA-256=[name=" + KafkaAccess.ADMIN + ",password="
                        + access.password(KafkaAccess.ADMIN) + "]\n");
        try {
            var command = java(
                    List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    Uuid.randomUuid().toString(),
                    "-c",
                    config().toString(),
                    "--ignore-formatted",
                    "@" + admin);
            var exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new StackFailure(
                        "Kafka's storage cannot be formatted: " + String.join(" ", ManagedProcess.lastLines(log, 3)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while Kafka was set up", e);
        } finally {
            Files.deleteIfExists(admin);
        }
    }

    private Path config() {
        return folder.resolve("server.properties");
    }

    private void writeConfig() {
        var controllerPassword = state.secret("kafka/controller");
        SecretFile.write(config(), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CLIENT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=CLIENT://127.0.0.1:%1$d
                listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
                inter.broker.listener.name=CLIENT
                controller.listener.names=CONTROLLER
                sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256
                sasl.mechanism.controller.protocol=PLAIN
                listener.name.client.sasl.enabled.mechanisms=SCRAM-SHA-256
                listener.name.client.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule \
                required username="%3$s" password="%4$s";
                listener.name.controller.sasl.enabled.mechanisms=PLAIN
                listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule \
                required username="controller" password="%5$s" user_controller="%5$s";
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                allow.everyone.if.no.acl.found=false
                super.users=User:%3$s;User:controller
                auto.create.topics.enable=false
                # After a kill the broker waits for its own old session to end.
                broker.session.timeout.ms=3000
                broker.heartbeat.interval.ms=500
                log.dirs=%6$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=12
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=12
                group.initial.rebalance.delay.ms=0
                """.formatted(
                        access.port(),
                        state.port(CONTROLLER),
                        KafkaAccess.ADMIN,
                        access.password(KafkaAccess.ADMIN),
                        controllerPassword,
                        folder.resolve("data")));
    }

    private List<String> java(List<String> options, String... mainAndArguments) {
        var command = new ArrayList<>(List.of(Libraries.java(), "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", Libraries.of(root, "kafka")));
        command.addAll(List.of(mainAndArguments));
        return command;
    }
}
