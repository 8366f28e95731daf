package io.bulwark.backup.tool;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import io.bulwark.backup.BackupConfig;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where runs keep what is secret for as long as they need it. A process that was killed leaves its files behind, with
 * passwords in them: the next one to start deletes them. It knows the living by the lock that each holds on its own part.
 */
@Startup
@ApplicationScoped
public class WorkDirectory {
    private static final String LOCK = "lock";

    private final Path root;
    private Path own = Path.of("");
    private FileChannel lock;

    @Inject
    WorkDirectory(BackupConfig config) {
        this(config.workDir());
    }

    WorkDirectory(Path root) {
        this.root = root;
    }

    @PostConstruct
    void claim() {
        try {
            Files.createDirectories(root);
            deleteLeftovers();
            own = Files.createTempDirectory(root, "replica-", asFileAttribute(fromString("rwx------")));
            lock = FileChannel.open(own.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
        } catch (IOException e) {
            throw new UncheckedIOException("The work directory of the backups cannot be used: " + root, e);
        }
    }

    /** A directory for one run. */
    public PrivateDirectory open() throws IOException {
        return PrivateDirectory.in(own);
    }

    @PreDestroy
    void release() {
        PrivateDirectory.delete(own);
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteLeftovers() throws IOException {
        try (var replicas = Files.newDirectoryStream(root, "replica-*")) {
            for (var replica : replicas) {
                if (isAbandoned(replica.resolve(LOCK))) {
                    PrivateDirectory.delete(replica);
                }
            }
        }
    }

    private static boolean isAbandoned(Path lockFile) throws IOException {
        if (!Files.exists(lockFile)) {
            // Another replica is just starting, or was killed before it had put anything here.
            return false;
        }
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                var held = channel.tryLock()) {
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
