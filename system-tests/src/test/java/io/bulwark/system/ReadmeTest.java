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
 * ports are the test's, and its patience: a busy machine needs longer than a reader waits.
 */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SLEEP = Pattern.compile("sleep (\\d+)");
    private static final String MARK = "@@answer ";

    @Test
    void theAttackGoesAsItIsWalkedThrough() throws Exception {
        var script = new StringBuilder("set -euo pipefail\n");
        var expected = new ArrayList<String>();
        for (var line : commands()) {
            if (line.startsWith("# ")) {
                script.append("echo '").append(MARK).append(expected.size()).append("'\n");
                expected.add(line.substring(2));
            } else {
                script.append(line).append('\n');
            }
        }

        var answers = run(script.toString()).split(MARK + "\\d+");

        assertThat(answers).hasSizeGreaterThanOrEqualTo(expected.size());
        for (var i = 0; i < expected.size(); i++) {
            assertThat(answers[i]).as("Answer %d", i).contains(expected.get(i));
        }
    }

    private static List<String> commands() throws IOException {
        var readme = Files.readString(Suite.ROOT.resolve("README.md"));
        for (var service : SuiteService.values()) {
            var usual = "localhost:808" + (service.ordinal() + 1);
            readme = readme.replace(usual, Suite.url(service).replace("http://", ""));
        }
        readme = SLEEP.matcher(readme).replaceAll(sleep -> "sleep " + 3 * Integer.parseInt(sleep.group(1)));
        var commands = new ArrayList<String>();
        BLOCK.matcher(readme)
                .results()
                .forEach(block -> commands.addAll(block.group(1).lines().toList()));
        return commands;
    }

    private static String run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-c", script)
                .directory(Suite.ROOT.toFile())
                .redirectErrorStream(true);
        builder.environment().put("BULWARK_HOME", Suite.HOME.toString());
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
