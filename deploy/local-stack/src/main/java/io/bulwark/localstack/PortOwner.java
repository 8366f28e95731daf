package io.bulwark.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** Who listens on a port, as far as Linux tells this user. */
final class PortOwner {
    private static final String LISTENING = "0A";

    private PortOwner() {}

    static Optional<String> of(int port) {
        return inode(port).flatMap(PortOwner::holder).map(PortOwner::describe);
    }

    private static Optional<String> inode(int port) {
        var suffix = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(PortOwner::lines)
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns.length > 9)
                .filter(columns -> columns[1].endsWith(suffix) && columns[3].equals(LISTENING))
                .map(columns -> columns[9])
                .findFirst();
    }

    private static Optional<ProcessHandle> holder(String inode) {
        var socket = "socket:[" + inode + "]";
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    var files = Path.of("/proc", Long.toString(process.pid()), "fd")
                            .toFile()
                            .listFiles();
                    return files != null && Arrays.stream(files).anyMatch(file -> pointsTo(file.toPath(), socket));
                })
                .findFirst();
    }

    private static boolean pointsTo(Path link, String target) {
        try {
            return Files.readSymbolicLink(link).toString().equals(target);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static String describe(ProcessHandle process) {
        var name = process.info()
                .command()
                .map(command -> Path.of(command).getFileName() + ", ")
                .orElse("");
        return name + "process " + process.pid();
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty();
        }
    }
}
