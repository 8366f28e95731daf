package io.bulwark.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;

/** Runs the servers of {@link SharedServers} until the watched process is gone, then takes them and their data away. */
public final class TestServers {
    static final String NAME = "test-servers";

    private TestServers() {}

    public static void main(String[] arguments) throws IOException {
        var root = Path.of(arguments[0]);
        var state = StackState.open(Path.of(arguments[1]));
        var watched = ProcessHandle.of(Long.parseLong(arguments[2]));
        if (watched.isEmpty()) {
            return;
        }
        state.started(NAME, ProcessHandle.current());
        int base = Ports.freeBase(3);
        var elsewhere = ServiceLoader.load(TestServersElsewhere.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(TestServersElsewhere::chosen)
                .findFirst();
        var postgres = CompletableFuture.runAsync(() -> elsewhere.ifPresentOrElse(
                servers -> startPostgres(servers, state), () -> PostgresServer.start(root, state, base)));
        var kafka = CompletableFuture.runAsync(() -> elsewhere.ifPresentOrElse(
                servers -> startKafka(servers, state, base + 1, base + 2),
                () -> KafkaServer.start(root, state, base + 1, base + 2)));
        // Set before they are up: a run that is broken off meanwhile must not leave them behind.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> takeAway(state), "shutdown"));
        CompletableFuture.allOf(postgres, kafka).join();
        Files.createFile(state.home().resolve(SharedServers.READY));
        watched.get().onExit().join();
        Runtime.getRuntime().exit(0);
    }

    static void startPostgres(TestServersElsewhere servers, StackState state) {
        var access = new PostgresAccess(state);
        state.port(
                PostgresServer.NAME,
                servers.startPostgres(PostgresAccess.SUPERUSER, access.superuserPassword(), PostgresServer.SETTINGS));
        access.prepare();
    }

    static void startKafka(TestServersElsewhere servers, StackState state, int port, int controllerPort) {
        state.port(KafkaServer.NAME, port);
        state.port(KafkaServer.CONTROLLER, controllerPort);
        var access = new KafkaAccess(state);
        var place = servers.brokerPlace();
        servers.startKafka(
                port,
                KafkaSettings.serverProperties(state, place.host(), place.data()),
                KafkaSettings.formatArguments(access));
        access.provision("");
    }

    /** By the state on disk, for a test JVM may have started an object store beside them. */
    private static void takeAway(StackState own) {
        own.refuseStarts();
        Shutdown.now(StackState.open(own.home()));
        if (!Files.exists(own.home().resolve(SharedServers.READY))) {
            return; // whoever waits for them reads the logs to tell why; the next run takes them away
        }
        try {
            Trees.delete(own.home());
        } catch (IOException e) {
            System.err.println("Cannot remove " + own.home() + ": " + e.getMessage());
        }
    }
}
