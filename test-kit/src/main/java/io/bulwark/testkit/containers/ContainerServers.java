package io.bulwark.testkit.containers;

import io.bulwark.localstack.TestServersElsewhere;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The tests' PostgreSQL and Kafka by Testcontainers. The container path is not run in CI, which has no Docker engine.
 * Testcontainers' own {@code KafkaContainer} is left aside: it opens listeners without passwords and makes them its
 * business what is advertised, while this broker is to be closed by the very settings that the embedded one has.
 */
public final class ContainerServers implements TestServersElsewhere {
    /** The major versions of the embedded servers. */
    static final DockerImageName POSTGRES = DockerImageName.parse("postgres:15-alpine");

    static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.1.1");

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final String SERVER_PROPERTIES = "/tmp/bulwark-server.properties";
    private static final String FORMAT_ARGUMENTS = "/tmp/bulwark-format.arguments";

    @Override
    public boolean chosen() {
        return ServersChoice.containers(System.getenv(), () -> DockerEngine.answers(System.getenv()));
    }

    @Override
    public int startPostgres(String superuser, String password, List<String> settings) {
        // Not closed here: Testcontainers takes it away with this JVM.
        var container = postgres(superuser, password, settings);
        container.start();
        return container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    @Override
    public BrokerPlace brokerPlace() {
        return new BrokerPlace("0.0.0.0", "/tmp/bulwark-kafka");
    }

    @Override
    public void startKafka(int port, String serverProperties, String formatArguments) {
        kafka(port, serverProperties, formatArguments).start();
    }

    static PostgreSQLContainer postgres(String superuser, String password, List<String> settings) {
        return new PostgreSQLContainer(POSTGRES)
                .withUsername(superuser)
                .withPassword(password)
                .withDatabaseName("postgres")
                .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C")
                .withCommand(Stream.concat(
                                Stream.of("postgres"), settings.stream().flatMap(setting -> Stream.of("-c", setting)))
                        .toArray(String[]::new))
                .withStartupTimeout(START_LIMIT);
    }

    /** The port is the same inside and outside, so that the broker can advertise it without knowing where it runs. */
    static GenericContainer<?> kafka(int port, String serverProperties, String formatArguments) {
        var container = new GenericContainer<>(KAFKA)
                .withExposedPorts(port)
                .withEnv("KAFKA_HEAP_OPTS", "-Xmx384m")
                .withCopyToContainer(Transferable.of(serverProperties), SERVER_PROPERTIES)
                .withCopyToContainer(Transferable.of(formatArguments), FORMAT_ARGUMENTS)
                .withCommand("sh", "-c", """
                        /opt/kafka/bin/kafka-storage.sh format -t %1$s -c %2$s @%3$s \
                        && exec /opt/kafka/bin/kafka-server-start.sh %2$s""".formatted(Uuid.randomUuid(), SERVER_PROPERTIES, FORMAT_ARGUMENTS))
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1))
                .withStartupTimeout(START_LIMIT);
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + port));
        return container;
    }
}
