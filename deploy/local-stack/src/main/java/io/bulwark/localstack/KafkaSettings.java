package io.bulwark.localstack;

/** How a broker of ours is set up, wherever it runs: one node, closed, with the super user known from the start. */
final class KafkaSettings {
    private KafkaSettings() {}

    /**
     * @param host the address of the machine or container that clients come in at; they are told 127.0.0.1
     * @param data the broker's folder, which it makes
     */
    static String serverProperties(StackState state, String host, String data) {
        var access = new KafkaAccess(state);
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CLIENT://%7$s:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=CLIENT://127.0.0.1:%1$d
                listener.security.protocol.map=CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
                inter.broker.listener.name=CLIENT
                controller.listener.names=CONTROLLER
                sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256
                sasl.mechanism.controller.protocol=PLAIN
                listener.name.client.sasl.enabled.mechanisms=SCRAM-SHA-256
                listener.name.client.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule \
                required username="%3$s" password="%4$s";
                listener.name.controller.sasl.enabled.mechanisms=PLAIN
                listener.name.controller.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule \
                required username="controller" password="%5$s" user_controller="%5$s";
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                allow.everyone.if.no.acl.found=false
                super.users=User:%3$s;User:controller
                auto.create.topics.enable=false
                # After a kill the broker waits for its own old session to end.
                broker.session.timeout.ms=3000
                broker.heartbeat.interval.ms=500
                log.dirs=%6$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=12
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=12
                group.initial.rebalance.delay.ms=0
                """.formatted(
                        access.port(),
                        state.port(KafkaServer.CONTROLLER),
                        KafkaAccess.ADMIN,
                        access.password(KafkaAccess.ADMIN),
                        state.secret("kafka/controller"),
                        data,
                        host);
    }

    /** For {@code kafka-storage format}, as the lines of a file: before the first start there is nobody to admit the super user. */
    static String formatArguments(KafkaAccess access) {
        return "--add-scram\nSCRAM-SHA-256=[name=" + KafkaAccess.ADMIN + ",password="
                + access.password(KafkaAccess.ADMIN) + "]\n";
    }
}
