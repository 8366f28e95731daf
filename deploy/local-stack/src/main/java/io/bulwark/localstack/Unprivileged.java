package io.bulwark.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL refuses to run as root. In a user namespace of its own root is nobody to it and still owns its files; where
 * the kernel or a container refuses the namespace, it runs as the user nobody.
 */
enum Unprivileged {
    NOT_NEEDED,
    NAMESPACE,
    NOBODY;

    private static final int NOBODY_ID = 65_534;

    static Unprivileged here() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return NOT_NEEDED;
        }
        if (succeeds("unshare", "-U", "true")) {
            return NAMESPACE;
        }
        if (succeeds("setpriv", "--reuid=" + NOBODY_ID, "--regid=" + NOBODY_ID, "--clear-groups", "true")) {
            return NOBODY;
        }
        throw new StackFailure(
                "PostgreSQL does not run as root, and neither unshare nor setpriv works here: run ./bulwark"
                        + " as an ordinary user");
    }

    List<String> command(List<String> command) {
        var whole = new ArrayList<String>();
        switch (this) {
            case NOT_NEEDED -> {}
            case NAMESPACE -> whole.addAll(List.of("unshare", "-U"));
            case NOBODY ->
                whole.addAll(List.of("setpriv", "--reuid=" + NOBODY_ID, "--regid=" + NOBODY_ID, "--clear-groups"));
        }
        whole.addAll(command);
        return whole;
    }

    /** Hands a file or an empty folder over to whom the command runs as. */
    void own(Path path) throws IOException {
        if (this == NOBODY) {
            Files.setAttribute(path, "unix:uid", NOBODY_ID);
            Files.setAttribute(path, "unix:gid", NOBODY_ID);
        }
    }

    private static boolean succeeds(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
