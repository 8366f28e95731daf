package io.bulwark.backup;

import io.bulwark.localstack.ObjectStore;
import io.bulwark.localstack.ObjectStoreAccess;
import io.bulwark.localstack.PostgresAccess;
import io.bulwark.localstack.SharedServers;
import io.bulwark.localstack.StackState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;

/** The object store of these tests alone, which they stop and damage. */
public final class TestStore {
    /** Not there before it is needed. */
    public static final String BUCKET = "made-on-first-use";

    /** Larger objects take more than one request. */
    public static final int PART = 5 << 20;

    private static final Path HOME = Path.of("target/test-store").toAbsolutePath();
    private static ObjectStore running;

    private TestStore() {}

    /** Takes a port and makes the keys, in whatever class loader is first. */
    static ObjectStoreAccess prepare() {
        delete(HOME);
        return ObjectStore.announce(StackState.open(HOME));
    }

    /** The store, running. */
    public static synchronized ObjectStore running() {
        if (running == null) {
            running = ObjectStore.start(root(), StackState.open(HOME));
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        } else if (!running.alive()) {
            running.restart();
        }
        return running;
    }

    /** The file that an object is. */
    public static Path file(String key) {
        return running().access().folder().resolve(BUCKET).resolve(key);
    }

    /** The databases of this run. */
    public static PostgresAccess postgres() {
        return SharedServers.acquire(root()).postgres();
    }

    public static Path workDirectory() {
        return HOME.resolve("work");
    }

    static Path keyFile() {
        try {
            Files.createDirectories(HOME);
            var key = new byte[32];
            new SecureRandom().nextBytes(key);
            return Files.writeString(HOME.resolve("key"), Base64.getEncoder().encodeToString(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        return Path.of(System.getProperty("bulwark.root"));
    }
}
