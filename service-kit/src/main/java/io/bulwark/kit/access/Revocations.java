package io.bulwark.kit.access;

import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Revocation;
import io.bulwark.events.Revocation.AllRevoked;
import io.bulwark.events.Revocation.ClientRevoked;
import io.bulwark.events.Revocation.SessionRevoked;
import io.bulwark.events.Revocation.UserRevoked;
import io.bulwark.events.Topic;
import io.bulwark.events.UnreadableEvent;
import io.bulwark.kit.topic.TopicFollower;
import io.bulwark.kit.topic.TopicNames;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What stopped being valid, as the compacted topic {@code revocations} says: read to its end before the service is
 * ready, then followed. Generations are compared, not clocks; only a foreign token, which carries none, is judged by
 * its {@code iat}.
 */
@ApplicationScoped
public class Revocations {
    private static final Logger LOG = Logger.getLogger(Revocations.class);
    private static final Mark NONE = new Mark(0, Instant.EPOCH);

    private final Map<String, Mark> users = new ConcurrentHashMap<>();
    private final Map<String, Mark> clients = new ConcurrentHashMap<>();
    private final Set<String> sessions = ConcurrentHashMap.newKeySet();
    private final TopicFollower follower;
    private volatile Mark all = NONE;

    Revocations(@Identifier("default-kafka-broker") Map<String, Object> kafka, TopicNames names) {
        follower = new TopicFollower(kafka, names.of(Topic.REVOCATIONS), this::follow);
    }

    private record Mark(long generation, Instant at) {
        Mark raisedTo(Mark other) {
            return other.generation > generation ? other : this;
        }

        boolean refuses(@Nullable Long tokenGeneration, Instant issuedAt) {
            return tokenGeneration == null ? generation > 0 && !issuedAt.isAfter(at) : tokenGeneration < generation;
        }
    }

    /**
     * What a token says of itself.
     *
     * @param generations of {@code all}, {@code user} and {@code client}; empty for a foreign token
     */
    public record TokenFacts(
            String subject,
            @Nullable String clientId,
            @Nullable String sessionId,
            Map<String, Long> generations,
            Instant issuedAt) {}

    /** True where the token was revoked after it was issued. */
    public boolean refuses(TokenFacts token) {
        var generations = token.generations();
        return (token.sessionId() != null && sessions.contains(token.sessionId()))
                || all.refuses(generations.get("all"), token.issuedAt())
                || users.getOrDefault(token.subject(), NONE).refuses(generations.get("user"), token.issuedAt())
                || (token.clientId() != null
                        && clients.getOrDefault(token.clientId(), NONE)
                                .refuses(generations.get("client"), token.issuedAt()));
    }

    /** True once the topic has been read to where it ended at the start. */
    public boolean isCaughtUp() {
        return follower.caughtUp();
    }

    /** How long Kafka has not been heard of. */
    public Duration silence() {
        return follower.silence();
    }

    /** The topic's generation of everybody; 0 where nobody was ever revoked. */
    public long generationOfAll() {
        return all.generation();
    }

    /** The topic's generations of users by id, without those never revoked. */
    public Map<String, Long> generationsOfUsers() {
        return generations(users);
    }

    /** The topic's generations of clients by id, without those never revoked. */
    public Map<String, Long> generationsOfClients() {
        return generations(clients);
    }

    void start(@Observes StartupEvent event) {
        follower.followFromBeginning();
    }

    void stop(@Observes ShutdownEvent event) {
        follower.close();
    }

    private static Map<String, Long> generations(Map<String, Mark> marks) {
        var generations = new ConcurrentHashMap<String, Long>();
        marks.forEach((id, mark) -> generations.put(id, mark.generation()));
        return generations;
    }

    private void follow(ConsumerRecord<String, byte @Nullable []> consumed) {
        var value = consumed.value();
        if (value == null) {
            if (consumed.key().startsWith("session:")) {
                sessions.remove(consumed.key().substring("session:".length()));
            }
            return;
        }
        try {
            CloudEventBinding.read(consumed.headers(), value, Revocation.class).ifPresent(event -> apply(event.data()));
        } catch (UnreadableEvent e) {
            LOG.errorf(
                    "Revocation at %d/%d cannot be read: %s", consumed.partition(), consumed.offset(), e.getMessage());
        }
    }

    private void apply(Revocation revocation) {
        switch (revocation) {
            case AllRevoked r -> all = all.raisedTo(new Mark(r.generation(), r.revokedAt()));
            case UserRevoked r -> users.merge(r.userId(), new Mark(r.generation(), r.revokedAt()), Mark::raisedTo);
            case ClientRevoked r ->
                clients.merge(r.clientId(), new Mark(r.generation(), r.revokedAt()), Mark::raisedTo);
            case SessionRevoked r -> sessions.add(r.sessionId());
        }
    }
}
