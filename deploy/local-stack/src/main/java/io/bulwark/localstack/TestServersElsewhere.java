package io.bulwark.localstack;

import java.util.List;

/**
 * Runs PostgreSQL and Kafka for the tests somewhere else than in processes of this machine; found by
 * {@link java.util.ServiceLoader}. What is laid out in them, and how they are told to behave, is the same everywhere:
 * {@link PostgresAccess} and {@link KafkaAccess}. They end with the JVM that started them.
 */
public interface TestServersElsewhere {
    /** Whether the tests of this run are to use them. */
    boolean chosen();

    /**
     * @param settings of {@code postgres -c}
     * @return the port at 127.0.0.1 where the superuser is let in once this is back
     */
    int startPostgres(String superuser, String password, List<String> settings);

    /** Where {@code server.properties} may tell the broker to listen and to keep its data. */
    BrokerPlace brokerPlace();

    /**
     * Back once the broker was started at 127.0.0.1 on this port.
     *
     * @param serverProperties say the same port
     * @param formatArguments lines for {@code kafka-storage format}
     */
    void startKafka(int port, String serverProperties, String formatArguments);

    /** The address to listen at and the folder for data, as the broker sees them. */
    record BrokerPlace(String host, String data) {}
}
