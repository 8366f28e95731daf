package io.bulwark.localstack;

import io.bulwark.events.InternalTopic;
import io.bulwark.events.Topic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/** How to reach a {@link KafkaServer}, in this process or another, and who may do what there. */
public final class KafkaAccess {
    /** The principal that may read every topic and write none. */
    public static final String CONSUMER = "consumer";

    static final String ADMIN = "admin";
    private static final int SCRAM_ITERATIONS = 4096;

    private final StackState state;

    KafkaAccess(StackState state) {
        this.state = state;
    }

    public int port() {
        return state.port(KafkaServer.NAME);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }

    public String password(String principal) {
        return state.secret("kafka/" + principal);
    }

    /** What a Kafka client needs to come in as this principal. */
    public Map<String, Object> properties(String principal) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-256",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + principal
                        + "\" password=\"" + password(principal) + "\";");
    }

    /** What a Kafka client needs to come in as the super user. */
    public Map<String, Object> adminProperties() {
        return properties(ADMIN);
    }

    /** A client of the super user; the caller closes it. */
    public Admin admin() {
        return Admin.create(adminProperties());
    }

    /**
     * Makes the principals and the suite's topics, dead letters included, each named with the prefix before it, and
     * grants the rights on them. What is there already stays.
     */
    public void provision(String prefix) {
        try (var admin = admin()) {
            admit(
                    admin,
                    Stream.concat(SuiteService.applications().stream(), Stream.of(CONSUMER))
                            .toList());
            createTopics(admin, prefix);
            grant(admin, KafkaRights.ofSuite(prefix));
        }
    }

    /** A principal for an application outside: it may write its detections to {@code security-events}, and no more. */
    public void admitApplication(String principal) {
        try (var admin = admin()) {
            admit(admin, List.of(principal));
            grant(admin, KafkaRights.ofApplication(principal));
        }
    }

    boolean listens() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port()), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    boolean answers() {
        try (var admin = Admin.create(withTimeout(2_000))) {
            return !await(admin.describeCluster().nodes()).isEmpty();
        } catch (StackFailure e) {
            return false;
        }
    }

    private Map<String, Object> withTimeout(int millis) {
        var properties = new HashMap<>(adminProperties());
        properties.put("default.api.timeout.ms", millis);
        properties.put("request.timeout.ms", millis);
        return properties;
    }

    private void admit(Admin admin, List<String> principals) {
        var known = await(admin.describeUserScramCredentials().all()).keySet();
        var missing = principals.stream()
                .filter(principal -> !known.contains(principal))
                .map(principal -> (UserScramCredentialAlteration) new UserScramCredentialUpsertion(
                        principal,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, SCRAM_ITERATIONS),
                        password(principal)))
                .toList();
        if (!missing.isEmpty()) {
            await(admin.alterUserScramCredentials(missing).all());
        }
    }

    private static void createTopics(Admin admin, String prefix) {
        var known = await(admin.listTopics().names());
        Collection<NewTopic> missing = new ArrayList<>();
        for (var topic : Topic.values()) {
            missing.add(
                    new NewTopic(prefix + topic.topicName(), Topic.PARTITIONS, (short) 1).configs(topic.settings()));
            missing.add(new NewTopic(prefix + topic.deadLetterTopic(), Topic.PARTITIONS, (short) 1)
                    .configs(Topic.deadLetterSettings()));
        }
        for (var topic : InternalTopic.values()) {
            missing.add(new NewTopic(prefix + topic.topicName(), InternalTopic.PARTITIONS, (short) 1)
                    .configs(topic.settings()));
        }
        missing.removeIf(topic -> known.contains(topic.name()));
        await(admin.createTopics(missing).all());
    }

    /** The controller answers when it has noted the rights; they hold once the broker has read them. */
    private static void grant(Admin admin, List<AclBinding> rights) {
        await(admin.createAcls(rights).all());
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!await(admin.describeAcls(AclBindingFilter.ANY).values()).containsAll(rights)) {
            if (System.nanoTime() > deadline) {
                throw new StackFailure("Kafka has not taken over its access rights in 30 s");
            }
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StackFailure("Kafka refused: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new StackFailure("Kafka did not answer in 30 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while Kafka was set up", e);
        }
    }
}
