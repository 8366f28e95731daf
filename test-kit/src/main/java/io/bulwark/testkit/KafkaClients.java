package io.bulwark.testkit;

import io.bulwark.localstack.KafkaAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configuration of a Kafka client that connects as one of the principals. */
public final class KafkaClients {
    private static final List<String> PRINCIPALS = List.of(
            "auth-service", "ratelimit-service", "incident-service", "backup-service", "audit-service", "consumer");

    private KafkaClients() {}

    /** From now on the clients of this JVM connect to this broker. */
    public static void connectTo(KafkaAccess kafka) {
        System.setProperty(TestSettings.KAFKA, kafka.bootstrapServers());
        PRINCIPALS.forEach(
                principal -> System.setProperty(TestSettings.KAFKA_PASSWORD + principal, kafka.password(principal)));
    }

    /** @param principal such as {@code auth-service} or {@code consumer} */
    public static Map<String, Object> as(String principal) {
        return as(principal, TestSettings.get(TestSettings.KAFKA_PASSWORD + principal));
    }

    static Map<String, Object> as(String principal, String password) {
        var config = new HashMap<String, Object>();
        config.put("bootstrap.servers", TestSettings.get(TestSettings.KAFKA));
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", "SCRAM-SHA-256");
        config.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(principal, password));
        return config;
    }
}
