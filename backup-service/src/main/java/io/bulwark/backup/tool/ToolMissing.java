package io.bulwark.backup.tool;

import io.bulwark.kit.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;

/** PostgreSQL's client tools are not on the machine. */
public final class ToolMissing extends Problem {
    private static final long serialVersionUID = 1L;

    public ToolMissing() {
        super(503, "tool-missing", "pg_dump and pg_restore are not installed; install them with: " + command());
        with("command", command());
    }

    static String command() {
        if (Files.isExecutable(Path.of("/sbin/apk"))) {
            return "apk add postgresql-client";
        }
        if (Files.isExecutable(Path.of("/usr/bin/microdnf"))) {
            return "microdnf install -y postgresql";
        }
        if (Files.isExecutable(Path.of("/usr/bin/dnf"))) {
            return "dnf install -y postgresql";
        }
        return "apt-get install -y postgresql-client";
    }
}
