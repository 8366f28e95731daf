package io.bulwark.localstack;

import java.io.PrintStream;

/** What the person reads about a running stack. */
final class Summary {
    /** auth-service's own default. */
    private static final String FIRST_ADMIN = "admin@bulwark.local";

    private Summary() {}

    static void print(PrintStream out, StackState state, long seconds) {
        out.println();
        out.println("Bulwark is up, " + seconds + " s after it was started:");
        for (var service : SuiteService.applications()) {
            out.printf("  %-18s %s%n", service, ServiceProcess.url(state, service));
        }
        out.printf("  %-18s %s%n", "postgres", new PostgresAccess(state).jdbcUrl(PostgresAccess.DATABASE));
        out.printf("  %-18s %s%n", "kafka", new KafkaAccess(state).bootstrapServers());
        out.printf("  %-18s %s%n", "object store", new ObjectStoreAccess(state).endpoint());
        out.println("State and logs are in " + state.home());
        out.println("A token for curl: ./bulwark token --role admin. The events: ./bulwark events");
    }

    static void printFirstAdmin(PrintStream out, StackState state) {
        LocalStack.takeFirstAdmin(state)
                .ifPresent(password -> out.println("The first admin is " + FIRST_ADMIN
                        + ", with this one-time password, shown only now: " + password));
    }

    /** A line per process. True where all of it runs and is ready. */
    static boolean printStatus(PrintStream out, StackState state) {
        var whole = true;
        var processes = state.processes();
        for (var service : SuiteService.applications()) {
            whole &= printService(out, state, service);
        }
        for (var server : new String[] {PostgresServer.NAME, KafkaServer.NAME, ObjectStore.NAME}) {
            whole &= printLine(out, server, "127.0.0.1:" + state.port(server), processes.get(server), "running");
        }
        processes.keySet().stream()
                .filter(name -> name.matches(".*-service-\\d+"))
                .forEach(replica -> printService(out, state, replica));
        return whole;
    }

    private static boolean printService(PrintStream out, StackState state, String name) {
        var url = ServiceProcess.url(state, name);
        var ready = ServiceProcess.ready(url);
        printLine(out, name, url.toString(), state.processes().get(name), ready ? "ready" : "not ready");
        return ready;
    }

    private static boolean printLine(
            PrintStream out, String name, String where, StackState.Running process, String condition) {
        var alive = process != null && process.handle().isPresent();
        out.printf("%-18s %-24s %s%n", name, where, alive ? condition + ", process " + process.pid() : "not running");
        return alive;
    }
}
