package io.bulwark.localstack;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What to start, and where. Unless told otherwise: all five services, in {@code BULWARK_HOME} or {@code .bulwark}, on
 * the ports after {@code BULWARK_PORT_BASE} or 8080.
 */
public final class StackPlan {
    private static final int DEFAULT_PORT_BASE = 8080;
    private static final int SPAN = 40;

    private final Path root;
    private final Map<SuiteService, Map<String, String>> environment = new EnumMap<>(SuiteService.class);
    private Set<SuiteService> services = EnumSet.allOf(SuiteService.class);
    private Consumer<String> progress = line -> {};
    private Path home;
    private int portBase;

    StackPlan(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.home =
                Optional.ofNullable(System.getenv("BULWARK_HOME")).map(Path::of).orElse(this.root.resolve(".bulwark"));
        this.portBase = portBaseOf(System.getenv("BULWARK_PORT_BASE"));
    }

    public StackPlan home(Path home) {
        this.home = home;
        return this;
    }

    public StackPlan portBase(int portBase) {
        this.portBase = portBase;
        return this;
    }

    /** Ports that nobody uses now, so that a running stack is not disturbed. */
    public StackPlan freePorts() {
        return portBase(Ports.freeBase(SPAN));
    }

    /** Only these services. The others' tokens, events and topics are still there to be faked. */
    public StackPlan services(SuiteService... only) {
        this.services = EnumSet.copyOf(List.of(only));
        return this;
    }

    /** A variable for one service, over what the stack sets. */
    public StackPlan environment(SuiteService service, String name, String value) {
        environment.computeIfAbsent(service, any -> new HashMap<>()).put(name, value);
        return this;
    }

    /** Who hears of progress, a line at a time. */
    public StackPlan progress(Consumer<String> listener) {
        this.progress = listener;
        return this;
    }

    /** Starts it; back once every service is ready. */
    public LocalStack start() {
        return LocalStack.start(this, StackState.open(home));
    }

    Path root() {
        return root;
    }

    Path home() {
        return home;
    }

    int portBase() {
        return portBase;
    }

    Set<SuiteService> services() {
        return services;
    }

    Map<String, String> environment(SuiteService service) {
        return environment.getOrDefault(service, Map.of());
    }

    void report(String line) {
        progress.accept(line);
    }

    /** Every port of the plan under the name of who listens there. */
    Map<String, Integer> ports() {
        var ports = new LinkedHashMap<String, Integer>();
        for (var service : SuiteService.values()) {
            ports.put(service.application(), portBase + service.portOffset());
        }
        ports.put(PostgresServer.NAME, portBase + 6);
        ports.put(KafkaServer.NAME, portBase + 7);
        ports.put(KafkaServer.CONTROLLER, portBase + 8);
        ports.put(ObjectStore.NAME, portBase + 9);
        return ports;
    }

    static int portBaseOf(String setting) {
        if (setting == null || setting.isBlank()) {
            return DEFAULT_PORT_BASE;
        }
        try {
            int base = Integer.parseInt(setting.strip());
            if (base >= 1 && base <= 65_535 - SPAN) {
                return base;
            }
        } catch (NumberFormatException e) {
            throw new StackFailure("BULWARK_PORT_BASE is not a number: " + setting, e);
        }
        throw new StackFailure("BULWARK_PORT_BASE must be from 1 to " + (65_535 - SPAN) + ", not " + setting);
    }
}
