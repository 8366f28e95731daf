package io.bulwark.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.localstack.SuiteService;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README's commands, pasted into a shell one block after another, answer what the comment below each says. Only the
 * ports are the test's, and its patience: where a reader sleeps, it asks on until the answer is there, and for longer, on a
 * busy machine.
 */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);
    private static final String SHELL = """
            set -uo pipefail
            answer=$(mktemp)
            trap 'rm -f "$answer"' EXIT
            patience_ends=0
            sleep() { patience_ends=$((SECONDS + 30 + 3 * $1)); }
            expect() {
              local ends=$patience_ends last
              while true; do
                last=$((SECONDS >= ends))
                ask >"$answer"
                grep -qF -- "$1" "$answer" && return
                [ $last = 0 ] || break
                command sleep 0.2
              done
              echo "Instead of $1:"
              cat "$answer"
              exit 1
            }
            """;

    @Test
    void theAttackGoesAsItIsWalkedThrough() throws Exception {
        var script = new StringBuilder(SHELL).append("ask() {\n");
        for (var line : commands()) {
            script.append(line.startsWith("# ") ? "}\nexpect '" + line.substring(2) + "'\nask() {" : line)
                    .append('\n');
        }
        run(script.append(":\n}\nask\n").toString());
    }

    private static List<String> commands() throws IOException {
        var readme = Files.readString(Suite.ROOT.resolve("README.md"));
        for (var service : SuiteService.values()) {
            var usual = "localhost:808" + (service.ordinal() + 1);
            readme = readme.replace(usual, Suite.url(service).replace("http://", ""));
        }
        var commands = new ArrayList<String>();
        BLOCK.matcher(readme)
                .results()
                .forEach(block -> commands.addAll(block.group(1).lines().toList()));
        return commands;
    }

    private static void run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-c", script)
                .directory(Suite.ROOT.toFile())
                .redirectErrorStream(true);
        builder.environment().put("BULWARK_HOME", Suite.HOME.toString());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
