package io.bulwark.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @TempDir
    Path root;

    @Test
    void nobodyElseReadsWhatARunWritesAndNothingStays() throws IOException {
        var work = started();
        Path file;

        try (var directory = work.open()) {
            file = directory.write("pgpass", "secret");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }

        assertThat(file.getParent()).doesNotExist();
        work.release();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void whatAKilledReplicaLeftIsDeleted() throws IOException {
        var killed = Files.createDirectories(root.resolve("replica-killed"));
        Files.createFile(killed.resolve("lock"));
        Files.writeString(Files.createDirectory(killed.resolve("run-1")).resolve("pgpass"), "secret");

        started();

        assertThat(killed).doesNotExist();
    }

    @Test
    void whatALivingReplicaNeedsStays() throws IOException {
        var living = started();
        var file = living.open().write("pgpass", "secret");

        started();

        assertThat(file).exists();
    }

    private WorkDirectory started() {
        var work = new WorkDirectory(root);
        work.claim();
        return work;
    }
}
