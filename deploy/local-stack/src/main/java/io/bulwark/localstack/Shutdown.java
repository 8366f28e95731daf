package io.bulwark.localstack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Stops what a home's state names, whoever started it: services first, then Kafka and the store, PostgreSQL last. */
final class Shutdown {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final List<String> SERVERS = List.of(KafkaServer.NAME, ObjectStore.NAME, PostgresServer.NAME);

    private Shutdown() {}

    /** This very process, where it is among them, goes on. */
    static void of(StackState state) {
        state.refuseStarts();
        var running = state.processes();
        stop(
                state,
                running,
                name -> !SERVERS.contains(name) && !running.get(name).isCurrent());
        stop(state, running, name -> SERVERS.contains(name) && !name.equals(PostgresServer.NAME));
        stop(state, running, PostgresServer.NAME::equals);
    }

    /** SIGKILL to all of it, where nobody wants the data any more. */
    static void now(StackState state) {
        state.refuseStarts();
        var all = state.processes().values().stream()
                .filter(process -> !process.isCurrent())
                .flatMap(process -> process.handle().stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
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
