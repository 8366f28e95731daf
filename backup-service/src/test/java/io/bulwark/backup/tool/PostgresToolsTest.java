package io.bulwark.backup.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.backup.BackupConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresToolsTest {
    private static final DatabaseLogin LOGIN =
            new DatabaseLogin("db.example", 5432, "shop", "dump", "any", DatabaseLogin.SslMode.PREFER);

    @TempDir
    Path machine;

    @Test
    void theNewestIsTaken() throws IOException {
        install("9", "9.6.24");
        install("17", "17.2 (Debian)");
        install("15", "15.18");

        assertThat(tools().version()).isEqualTo("17.2");
    }

    @Test
    void aDumpWithoutItsRestoreDoesNotCount() throws IOException {
        Files.delete(install("15", "15.18").resolve("pg_restore"));

        assertThat(tools().find()).isEmpty();
    }

    @Test
    void whereNoneIsTheCommandIsNamedThatInstallsIt() {
        assertThatThrownBy(() -> tools().require())
                .isInstanceOf(ToolMissing.class)
                .hasMessageContaining("install");
    }

    @Test
    void whatIsInstalledMeanwhileIsFoundWithoutARestart() throws IOException {
        var tools = tools();
        assertThat(tools.find()).isEmpty();

        install("15", "15.18");

        assertThat(tools.version()).isEqualTo("15.18");
    }

    @Test
    void aNewerOneThatIsInstalledMeanwhileMakesTheNextDump() throws IOException {
        install("15", "15.18");
        var tools = tools();
        assertThat(tools.version()).isEqualTo("15.18");

        install("17", "17.2");
        try (var directory = PrivateDirectory.in(machine);
                var dump = tools.dump(LOGIN, directory)) {
            assertThat(dump.output()).asString(UTF_8).contains("17.2");
        }

        assertThat(tools.version()).isEqualTo("17.2");
    }

    private PostgresTools tools() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(BackupConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValue("bulwark.backup.key-file", "none")
                .withDefaultValue("java.io.tmpdir", machine.toString())
                .build()
                .getConfigMapping(BackupConfig.class);
        return new PostgresTools(config, machine, List.of());
    }

    private Path install(String name, String version) throws IOException {
        var place = Files.createDirectories(machine.resolve(name).resolve("bin"));
        for (var tool : List.of("pg_dump", "pg_restore")) {
            var file = Files.writeString(
                    place.resolve(tool), "#!/bin/sh\necho '" + tool + " (PostgreSQL) " + version + "'\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return place;
    }
}
