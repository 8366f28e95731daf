package io.bulwark.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The reference parser accepts asyncapi.yaml with the schemas it refers to. */
@Tag("npm")
class AsyncApiParserTest {
    private static final Path COMMITTED = Path.of("src/test/asyncapi");
    private static final Path INSTALLED = Path.of("target/asyncapi");

    private record Run(int exitCode, String output) {}

    @BeforeEach
    void install() throws IOException, InterruptedException {
        Files.createDirectories(INSTALLED);
        for (var name : new String[] {"package.json", "package-lock.json", "validate.js"}) {
            Files.copy(COMMITTED.resolve(name), INSTALLED.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        var installation = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        if (installation.exitCode() != 0) {
            skip("npm ci failed: " + installation.output());
        }
    }

    @Test
    void parserAcceptsTheDocument() throws IOException, InterruptedException {
        var run = run("node", "validate.js", Contract.ASYNC_API.toAbsolutePath().toString());

        assertThat(run.output()).endsWith("messages: " + EventTypes.all().size() + "\n");
        assertThat(run.exitCode()).isZero();
    }

    private static Run run(String... command) throws IOException, InterruptedException {
        var output = Files.createTempFile("asyncapi", ".log");
        try {
            var process = new ProcessBuilder(command)
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return new Run(-1, "no end after two minutes: " + String.join(" ", command));
            }
            return new Run(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            skip(e.getMessage());
            throw e;
        } finally {
            Files.delete(output);
        }
    }

    private static void skip(String reason) {
        System.err.println("Skipped: asyncapi.yaml was not parsed with npm's @asyncapi/parser. " + reason);
        abort(reason);
    }
}
