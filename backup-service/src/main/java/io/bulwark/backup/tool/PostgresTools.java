package io.bulwark.backup.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.backup.BackupConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The newest pg_dump of the machine with its pg_restore: an older one refuses a newer server. */
@ApplicationScoped
public class PostgresTools {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)(?:\\.(\\d+))?");
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final BackupConfig config;
    private final Path versions;
    private final List<Path> path;
    private volatile @Nullable Installed known;

    /** Where the tools are, and which they are, such as 15.18. */
    record Installed(Path directory, int major, int minor) {
        String version() {
            return major + "." + minor;
        }

        Path tool(String name) {
            return directory.resolve(name);
        }

        boolean isThere() {
            return Files.isExecutable(tool("pg_dump")) && Files.isExecutable(tool("pg_restore"));
        }
    }

    @Inject
    PostgresTools(BackupConfig config) {
        this(config, DEBIAN, path());
    }

    PostgresTools(BackupConfig config, Path versions, List<Path> path) {
        this.config = config;
        this.versions = versions;
        this.path = path;
    }

    /** The version that the last dump was made with, or the next would be, such as 15.18. */
    public String version() {
        return installed().version();
    }

    /** @throws ToolMissing where a dump would fail for want of the tools */
    public void require() {
        installed();
    }

    /** Starts a dump; its output is the archive, uncompressed, to be read as it comes. */
    public ToolRun dump(DatabaseLogin login, PrivateDirectory directory) throws IOException {
        var passwordFile = directory.write("pgpass", login.passwordLine());
        // Where to connect is in the environment: pg_dump would take a -d with an equals sign for a whole connection
        // string.
        var environment = new HashMap<>(Map.of(
                "PGHOST", login.host(),
                "PGPORT", Integer.toString(login.port()),
                "PGDATABASE", login.database(),
                "PGUSER", login.user(),
                "PGPASSFILE", passwordFile.toString(),
                "PGSSLMODE", login.sslMode().libpq(),
                "PGCONNECT_TIMEOUT", "15",
                "PGAPPNAME", "bulwark-backup",
                "HOME", directory.path().toString()));
        config.rootCertificates().ifPresent(file -> environment.put("PGSSLROOTCERT", file.toString()));
        var arguments = List.of(
                "--format=custom",
                "--compress=0",
                "--no-password",
                "--lock-wait-timeout=" + config.runs().lockWait().toMillis());
        return ToolRun.start(
                newest().tool("pg_dump"),
                arguments,
                environment,
                config.runs().timeout(),
                login.password(),
                line -> {});
    }

    /**
     * Starts a restore to nowhere: it reads the whole archive from its input.
     *
     * @param told a line for every object and every table's data that it meets
     */
    public ToolRun readThrough(PrivateDirectory directory, Consumer<String> told) throws IOException {
        return ToolRun.start(
                newest().tool("pg_restore"),
                List.of("--verbose", "--file=/dev/null"),
                Map.of("HOME", directory.path().toString()),
                config.runs().timeout(),
                "",
                told);
    }

    private Installed installed() {
        return find().orElseThrow(ToolMissing::new);
    }

    /** Those that were found last, for they are asked for often. */
    Optional<Installed> find() {
        var last = known;
        return last != null && last.isThere() ? Optional.of(last) : search();
    }

    /** Looks again, as one that is newer may have been installed with a newer server. */
    private Installed newest() {
        return search().orElseThrow(ToolMissing::new);
    }

    private Optional<Installed> search() {
        var found = places().stream()
                .map(PostgresTools::look)
                .flatMap(Optional::stream)
                .max(Comparator.comparingInt(Installed::major).thenComparingInt(Installed::minor));
        known = found.orElse(null);
        return found;
    }

    private static Optional<Installed> look(Path directory) {
        if (!new Installed(directory, 0, 0).isThere()) {
            return Optional.empty();
        }
        var version = VERSION.matcher(print(directory.resolve("pg_dump")));
        return version.find()
                ? Optional.of(new Installed(
                        directory,
                        Integer.parseInt(version.group(1)),
                        version.group(2) == null ? 0 : Integer.parseInt(version.group(2))))
                : Optional.empty();
    }

    private static String print(Path tool) {
        try (var run = ToolRun.start(tool, List.of("--version"), Map.of(), Duration.ofSeconds(10), "", line -> {})) {
            return new String(run.output().readNBytes(200), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Debian's versions first: its /usr/bin/pg_dump is a script that picks one of them by its own rules. */
    private List<Path> places() {
        var places = new ArrayList<Path>();
        if (Files.isDirectory(versions)) {
            try (var installed = Files.list(versions)) {
                installed.map(version -> version.resolve("bin")).forEach(places::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        places.addAll(path);
        return places;
    }

    private static List<Path> path() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .filter(entry -> entry.startsWith("/"))
                .map(Path::of)
                .toList();
    }
}
