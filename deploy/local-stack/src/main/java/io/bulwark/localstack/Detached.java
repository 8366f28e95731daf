package io.bulwark.localstack;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code up -d}: a supervisor in a session of its own, followed until it is ready or has given up. */
final class Detached {
    static final String LOG = "up";

    private final Path home;
    private final Path log;

    Detached(Path home) {
        this.home = home;
        this.log = ManagedProcess.logOf(home, LOG);
    }

    /** True once the stack is ready. */
    boolean up(List<String> arguments, PrintStream out) {
        // The supervisor tells of a state that cannot be read, or starts over.
        var state = StackState.salvage(home);
        Supervisor.requireNone(state);
        var supervisor = start(arguments);
        var abandon = new Thread(supervisor::destroy, "abandon");
        Runtime.getRuntime().addShutdownHook(abandon);
        var shown = 0L;
        while (supervisor.isAlive() && !Supervisor.ready(home, supervisor.pid())) {
            shown = show(shown, out);
            pause(supervisor);
        }
        show(shown, out);
        Runtime.getRuntime().removeShutdownHook(abandon);
        if (!supervisor.isAlive()) {
            return false;
        }
        Summary.printFirstAdmin(out, state);
        out.println("./bulwark down stops it.");
        return true;
    }

    private Process start(List<String> arguments) {
        try {
            Trees.makePrivate(log.getParent());
            var command = new ArrayList<>(List.of(
                    Libraries.java(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dslf4j.internal.verbosity=ERROR",
                    "-Dbulwark.root=" + System.getProperty("bulwark.root"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "supervise"));
            command.addAll(arguments);
            return new ProcessBuilder(ManagedProcess.inOwnSession(command))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new StackFailure("Cannot start in the background: " + e.getMessage(), e);
        }
    }

    private long show(long from, PrintStream out) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            var bytes = new byte[(int) Math.max(0, file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            out.print(new String(bytes, StandardCharsets.UTF_8));
            out.flush();
            return from + bytes.length;
        } catch (IOException e) {
            // shown with what comes next
            return from;
        }
    }

    private static void pause(Process supervisor) {
        try {
            supervisor.onExit().get(200, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // it still runs
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
