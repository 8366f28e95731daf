package io.bulwark.localstack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The whole suite on this machine: three servers and the services, in a home directory of its own. */
public final class LocalStack implements AutoCloseable {
    private static final int FIRST_REPLICA_OFFSET = 20;

    private final StackPlan plan;
    private final StackState state;
    private final ServiceEnvironment environment;
    private final Map<SuiteService, ServiceProcess> services = new EnumMap<>(SuiteService.class);
    private final List<ServiceProcess> replicas = new CopyOnWriteArrayList<>();
    private PostgresServer postgres;
    private KafkaServer kafka;
    private ObjectStore objectStore;

    private LocalStack(StackPlan plan, StackState state) {
        this.plan = plan;
        this.state = state;
        this.environment = new ServiceEnvironment(state);
    }

    /** What there is to choose before a start. */
    public static StackPlan plan(Path root) {
        return new StackPlan(root);
    }

    /** Starts everything; back once every service is ready, and with nothing left running where one fails. */
    static LocalStack start(StackPlan plan, StackState state) {
        var stack = new LocalStack(plan, state);
        try {
            stack.choosePorts();
            stack.startServers();
            stack.startServices();
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public ObjectStore objectStore() {
        return objectStore;
    }

    public ServiceProcess service(SuiteService service) {
        return services.get(service);
    }

    public URI url(SuiteService service) {
        return service(service).url();
    }

    /** One more process of a service, on a port of its own; back once it is ready. */
    public ServiceProcess startReplica(SuiteService service) {
        var number = replicas.size() + 2;
        var replica = ServiceProcess.start(
                plan.root(),
                state,
                service,
                service.application() + "-" + number,
                plan.portBase() + FIRST_REPLICA_OFFSET + replicas.size(),
                environmentOf(service));
        replicas.add(replica);
        replica.awaitReady();
        return replica;
    }

    /** An access token with this role, of the machine client that the stack has registered for it. */
    public String token(String role) {
        return ClientTokens.fetch(state, ClientTokens.nameOf(role));
    }

    /** What auth-service left for the first admin; empty once it was taken, and on a home that has its admin already. */
    public Optional<String> takeFirstAdmin() {
        return takeFirstAdmin(state);
    }

    static Optional<String> takeFirstAdmin(StackState state) {
        var file = new ServiceEnvironment(state).firstAdminFile();
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            var content = Files.readString(file).strip();
            Files.delete(file);
            return Optional.of(content);
        } catch (IOException e) {
            throw new StackFailure("Cannot take " + file + ": " + e.getMessage(), e);
        }
    }

    /** Stops everything that belongs to this home, services first. */
    @Override
    public void close() {
        Shutdown.of(state);
    }

    /** Completes with the first process that ends. */
    CompletableFuture<ManagedProcess> firstToEnd() {
        var ends = Stream.concat(
                        Stream.of(postgres.process(), kafka.process(), objectStore.process()),
                        services.values().stream().map(ServiceProcess::process))
                .map(process -> process.onExit().thenApply(ended -> process))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.anyOf(ends).thenApply(ManagedProcess.class::cast);
    }

    private void choosePorts() {
        plan.ports().forEach((name, port) -> {
            Ports.requireFree(port, name);
            state.port(name, port);
        });
    }

    private void startServers() {
        var root = plan.root();
        inParallel(List.of(
                () -> {
                    postgres = PostgresServer.start(root, state, state.port(PostgresServer.NAME));
                    plan.report("PostgreSQL is ready on port " + state.port(PostgresServer.NAME));
                    return null;
                },
                () -> {
                    kafka = KafkaServer.start(
                            root, state, state.port(KafkaServer.NAME), state.port(KafkaServer.CONTROLLER));
                    plan.report("Kafka is ready on port " + state.port(KafkaServer.NAME));
                    return null;
                },
                () -> {
                    objectStore = ObjectStore.start(root, state);
                    plan.report("The object store is ready on port " + state.port(ObjectStore.NAME));
                    return null;
                }));
    }

    private void startServices() {
        environment.writeFiles();
        for (var service : plan.services()) {
            services.put(
                    service,
                    ServiceProcess.start(
                            plan.root(),
                            state,
                            service,
                            service.application(),
                            state.port(service.application()),
                            environmentOf(service)));
        }
        var waits = new ArrayList<Supplier<Void>>();
        services.values()
                .forEach(service -> waits.add(() -> {
                    service.awaitReady();
                    plan.report(service.name() + " is ready at " + service.url());
                    return null;
                }));
        inParallel(waits);
    }

    private Map<String, String> environmentOf(SuiteService service) {
        var whole = environment.of(service);
        whole.putAll(plan.environment(service));
        return whole;
    }

    /** Runs all and fails with the first failure at once, while others may still be under way: the caller stops them. */
    private static void inParallel(List<Supplier<Void>> actions) {
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        var failed = new CompletableFuture<Void>();
        var all = CompletableFuture.allOf(actions.stream()
                .map(action -> CompletableFuture.supplyAsync(action, executor).whenComplete((done, failure) -> {
                    if (failure != null) {
                        failed.completeExceptionally(failure);
                    }
                }))
                .toArray(CompletableFuture[]::new));
        try {
            CompletableFuture.anyOf(all, failed).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            executor.shutdown();
        }
    }
}
