package io.bulwark.backup.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import org.jboss.logging.Logger;

/** A directory that nobody else can look into, gone with its files when it is closed. */
public final class PrivateDirectory implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PrivateDirectory.class);

    private final Path path;

    PrivateDirectory(Path path) {
        this.path = path;
    }

    static PrivateDirectory in(Path parent) throws IOException {
        return new PrivateDirectory(
                Files.createTempDirectory(parent, "run-", asFileAttribute(fromString("rwx------"))));
    }

    Path path() {
        return path;
    }

    /** The mode is set as the file is made: there is no moment in which somebody else can open it. */
    Path write(String name, String content) throws IOException {
        var file = path.resolve(name);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, asFileAttribute(fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
        }
        return file;
    }

    @Override
    public void close() {
        delete(path);
    }

    static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.errorf("A private work directory could not be deleted, delete it by hand: %s (%s)", directory, e);
        }
    }
}
