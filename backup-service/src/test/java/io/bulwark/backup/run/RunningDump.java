package io.bulwark.backup.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.backup.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** pg_dump as the operating system sees it; the service under test runs in this process. */
final class RunningDump {
    private RunningDump() {}

    static List<ProcessHandle> all() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("/pg_dump --format"))
                .toList();
    }

    /** Neither in what {@code ps} shows nor in the environment. */
    static void assertThatNobodySees(String password, ProcessHandle dump) throws IOException {
        var seen = Path.of("/proc", Long.toString(dump.pid()));
        for (var file : List.of("cmdline", "environ")) {
            var content = Files.readString(seen.resolve(file), ISO_8859_1);
            assertThat(content).doesNotContain(password).doesNotContain("BULWARK_");
        }
    }

    static void assertThatItsPasswordFileIsPrivate() throws IOException {
        var file = await().until(RunningDump::passwordFiles, files -> !files.isEmpty())
                .getFirst();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    static List<Path> passwordFiles() throws IOException {
        try (var files = Files.walk(TestStore.workDirectory())) {
            return files.filter(file -> file.endsWith("pgpass")).toList();
        }
    }
}
