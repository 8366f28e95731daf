package io.bulwark.ratelimit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Somebody else's program while it runs, its output in a file. */
public record ForeignProgram(Process process, Path log) implements AutoCloseable {

    /** Skips the test, in one line, where the program is missing and cannot be installed. */
    public static void require(List<String> probe, String... install) throws InterruptedException {
        if (!runs(probe)) {
            runs(List.of(install));
            Assumptions.assumeTrue(runs(probe), String.join(" ", install) + " does not work here");
        }
    }

    /** @param folder in which it runs and leaves its output */
    public static ForeignProgram start(Path folder, Map<String, String> environment, String... command)
            throws IOException {
        var log = folder.resolve("output");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ForeignProgram(builder.start(), log);
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        var children = process.descendants().toList();
        // asked before it is forced: a master that is killed leaves its workers, or makes new ones meanwhile
        process.destroy();
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean runs(List<String> command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
