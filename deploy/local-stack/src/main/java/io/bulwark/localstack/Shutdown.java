package io.bulwark.localstack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Stops what a home's state names, whoever started it: services first, then Kafka and the store, PostgreSQL last. */
final class Shutdown {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final List<String> SERVERS = List.of(KafkaServer.NAME, ObjectStore.NAME, PostgresServer.NAME);

    private Shutdown() {}

    static void of(StackState state) {
        state.refuseStarts();
        var running = state.processes();
        stop(state, running, name -> !SERVERS.contains(name) && !name.equals(Supervisor.NAME));
        stop(state, running, name -> SERVERS.contains(name) && !name.equals(PostgresServer.NAME));
        stop(state, running, PostgresServer.NAME::equals);
    }

    private static void stop(StackState state, Map<String, StackState.Running> running, Predicate<String> which) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var stops = running.entrySet().stream()
                    .filter(entry -> which.test(entry.getKey()))
                    .map(entry -> CompletableFuture.runAsync(
                            () -> {
                                var signal = entry.getKey().equals(PostgresServer.NAME) ? "INT" : "TERM";
                                entry.getValue()
                                        .handle()
                                        .ifPresent(process -> ManagedProcess.stop(process, signal, GRACE));
                                state.ended(entry.getKey());
                            },
                            executor))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(stops).join();
        }
    }
}
