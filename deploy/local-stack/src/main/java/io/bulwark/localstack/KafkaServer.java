package io.bulwark.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker and its controller in one process, on a class path of its own. Closed: clients come in with
 * SCRAM, the controller asks for a password too, and the authorizer denies what {@link KafkaAccess} does not grant.
 */
public final class KafkaServer extends ServerProcess {
    static final String NAME = "kafka";
    static final String CONTROLLER = "kafka-controller";
    private static final String LOG_FORMAT =
            "-Djava.util.logging.SimpleFormatter.format=%1$tFT%1$tT %4$s %3$s %5$s%6$s%n";

    private final Path root;
    private final Path folder;
    private final KafkaAccess access;

    private KafkaServer(Path root, StackState state, int port, int controllerPort) {
        super(state, NAME, "TERM");
        this.root = root;
        this.folder = state.home().resolve(NAME);
        state.port(NAME, port);
        state.port(CONTROLLER, controllerPort);
        this.access = new KafkaAccess(state);
        initialise();
        run();
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

    @Override
    List<String> command() {
        return java(List.of("-Xmx384m", LOG_FORMAT), "kafka.Kafka", config().toString());
    }

    @Override
    boolean answers() {
        return access.listens() && access.answers();
    }

    private void initialise() {
        try {
            Trees.makePrivate(folder);
            SecretFile.write(
                    config(),
                    KafkaSettings.serverProperties(
                            state, "127.0.0.1", folder.resolve("data").toString()));
            if (!Files.exists(folder.resolve("data/meta.properties"))) {
                format();
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StackFailure("Cannot set up Kafka in " + folder + ": " + e.getMessage(), e);
        }
    }

    private void format() throws IOException {
        // From a file: an argument could be read by every user of the machine.
        var arguments = SecretFile.write(folder.resolve("format.arguments"), KafkaSettings.formatArguments(access));
        try {
            prepareWith(
                    "kafka-format",
                    java(
                            List.of("-Xmx128m"),
                            "kafka.tools.StorageTool",
                            "format",
                            "-t",
                            Uuid.randomUuid().toString(),
                            "-c",
                            config().toString(),
                            "--ignore-formatted",
                            "@" + arguments));
        } finally {
            Files.deleteIfExists(arguments);
        }
    }

    private Path config() {
        return folder.resolve("server.properties");
    }

    private List<String> java(List<String> options, String... mainAndArguments) {
        // the second compiler takes more than the broker of one machine ever gives back
        var command = new ArrayList<>(List.of(Libraries.java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", Libraries.of(root, "kafka")));
        command.addAll(List.of(mainAndArguments));
        return command;
    }
}
