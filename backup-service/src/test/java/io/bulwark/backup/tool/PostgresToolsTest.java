package io.bulwark.backup.tool;

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
    @TempDir
    Path machine;

    @Test
    void theNewestIsTaken() throws IOException {
        var tools = tools(install("9", "9.6.24"), install("17", "17.2 (Debian)"), install("15", "15.18"));

        assertThat(tools.version()).isEqualTo("17.2");
    }

    @Test
    void aDumpWithoutItsRestoreDoesNotCount() throws IOException {
        var place = install("15", "15.18");
        Files.delete(place.resolve("pg_restore"));

        assertThat(tools(place).find()).isEmpty();
    }

    @Test
    void whereNoneIsTheCommandIsNamedThatInstallsIt() {
        assertThatThrownBy(() -> tools(machine).require())
                .isInstanceOf(ToolMissing.class)
                .hasMessageContaining("install");
    }

    @Test
    void whatIsInstalledMeanwhileIsFoundWithoutARestart() throws IOException {
        var place = machine.resolve("15");
        var tools = tools(place);
        assertThat(tools.find()).isEmpty();

        install("15", "15.18");

        assertThat(tools.version()).isEqualTo("15.18");
    }

    private PostgresTools tools(Path... places) {
        var config = new SmallRyeConfigBuilder()
                .withMapping(BackupConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withDefaultValue("bulwark.backup.key-file", "none")
                .withDefaultValue("java.io.tmpdir", machine.toString())
                .build()
                .getConfigMapping(BackupConfig.class);
        return new PostgresTools(config, List.of(places));
    }

    private Path install(String name, String version) throws IOException {
        var place = Files.createDirectories(machine.resolve(name));
        for (var tool : List.of("pg_dump", "pg_restore")) {
            var file = Files.writeString(
                    place.resolve(tool), "#!/bin/sh\necho '" + tool + " (PostgreSQL) " + version + "'\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return place;
    }
}
