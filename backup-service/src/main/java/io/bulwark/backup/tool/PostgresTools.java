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
    private final List<Path> places;
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
        this(config, placesOfThisMachine());
    }

    PostgresTools(BackupConfig config, List<Path> places) {
        this.config = config;
        this.places = places;
    }

    /** The version that dumps, such as 15.18. */
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
                installed().tool("pg_dump"),
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
                installed().tool("pg_restore"),
                List.of("--verbose", "--file=/dev/null"),
                Map.of("HOME", directory.path().toString()),
                config.runs().timeout(),
                "",
                told);
    }

    private Installed installed() {
        return find().orElseThrow(ToolMissing::new);
    }

    Optional<Installed> find() {
        var last = known;
        if (last == null || !last.isThere()) {
            last = places.stream()
                    .map(PostgresTools::look)
                    .flatMap(Optional::stream)
                    .max(Comparator.comparingInt(Installed::major).thenComparingInt(Installed::minor))
                    .orElse(null);
            known = last;
        }
        return Optional.ofNullable(last);
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
    private static List<Path> placesOfThisMachine() {
        var places = new ArrayList<Path>();
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.map(version -> version.resolve("bin")).forEach(places::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .filter(entry -> entry.startsWith("/"))
                .map(Path::of)
                .forEach(places::add);
        return places;
    }
}
