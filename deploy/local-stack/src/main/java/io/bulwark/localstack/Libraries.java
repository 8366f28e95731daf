package io.bulwark.localstack;

import java.nio.file.Files;
import java.nio.file.Path;

/** What Maven copied for the servers that run on a class path of their own. */
final class Libraries {
    private Libraries() {}

    static String of(Path root, String server) {
        var folder = root.resolve("deploy/local-stack").resolve(server).resolve("target/lib");
        if (!Files.isDirectory(folder)) {
            throw new StackFailure(folder + " is missing: build it with mvn package, or start with ./bulwark");
        }
        return folder + "/*";
    }

    /** The Java that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
