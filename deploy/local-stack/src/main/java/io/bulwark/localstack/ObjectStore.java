package io.bulwark.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An S3-compatible store (s3proxy) over a folder of its home. Requests are signed with generated keys, or refused. */
public final class ObjectStore extends ServerProcess {
    static final String NAME = "object-store";

    private final Path root;
    private final ObjectStoreAccess access;

    private ObjectStore(Path root, StackState state) {
        super(state, NAME, "TERM");
        this.root = root;
        this.access = new ObjectStoreAccess(state);
        run();
    }

    /** Gives a home a port for its store, and tells how to reach it once it is started. */
    public static ObjectStoreAccess announce(StackState state) {
        state.port(NAME, Ports.freeBase(1));
        return new ObjectStoreAccess(state);
    }

    /** Starts it on the port and the objects that its home has, with the bucket of backups in it. */
    public static ObjectStore start(Path root, StackState state) {
        return new ObjectStore(root, state);
    }

    /** How to reach it. */
    public ObjectStoreAccess access() {
        return access;
    }

    @Override
    List<String> command() {
        // A store of this kind serves to anybody what other users of the machine may read: nothing, with this umask.
        return List.of(
                "/bin/sh",
                "-c",
                "umask 077 && exec \"$@\"",
                NAME,
                Libraries.java(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + logging(),
                "-cp",
                Libraries.of(root, "object-store"),
                "org.gaul.s3proxy.Main",
                "--properties",
                config().toString());
    }

    private Path config() {
        try {
            Trees.makePrivate(access.folder().resolve(ObjectStoreAccess.BUCKET));
            return SecretFile.write(state.home().resolve("object-store.properties"), """
                    s3proxy.endpoint=%s
                    s3proxy.authorization=aws-v2-or-v4
                    s3proxy.identity=%s
                    s3proxy.credential=%s
                    jclouds.provider=filesystem
                    jclouds.filesystem.basedir=%s
                    """.formatted(
                            access.endpoint(), access.accessKey(), access.secretKey(), access.folder()));
        } catch (IOException | UncheckedIOException e) {
            throw new StackFailure("Cannot set up the object store: " + e.getMessage(), e);
        }
    }

    /** Left to itself it logs every step of its web server. */
    private Path logging() {
        return SecretFile.write(state.home().resolve("object-store-logging.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d{ISO8601} %-5level %logger{20} %msg%n</pattern></encoder>
                  </appender>
                  <logger name="org.gaul.s3proxy" level="INFO"/>
                  <root level="WARN"><appender-ref ref="out"/></root>
                </configuration>
                """);
    }

    @Override
    boolean answers() {
        var request = HttpRequest.newBuilder(URI.create(access.endpoint()))
                .timeout(Duration.ofSeconds(2))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            // Unsigned and so refused, but by the store.
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() > 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
