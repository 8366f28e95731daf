package io.bulwark.localstack;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.IDEMPOTENT_WRITE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.CLUSTER;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import io.bulwark.events.InternalTopic;
import io.bulwark.events.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Who may do what on the broker; what is not here is denied. Who writes which topic is the contract's to say. */
final class KafkaRights {
    private final List<AclBinding> bindings = new ArrayList<>();

    private KafkaRights() {}

    static List<AclBinding> ofSuite(String prefix) {
        var rights = new KafkaRights();
        for (var service : SuiteService.applications()) {
            rights.allow(service, GROUP, service, PREFIXED, READ);
            rights.allow(service, TRANSACTIONAL_ID, service + "-outbox", LITERAL, WRITE, DESCRIBE);
            rights.allow(service, CLUSTER, Resource.CLUSTER_NAME, LITERAL, IDEMPOTENT_WRITE);
            for (var topic : Topic.values()) {
                rights.allow(service, TOPIC, prefix + topic.topicName(), LITERAL, READ, DESCRIBE_CONFIGS);
                rights.allow(service, TOPIC, prefix + topic.deadLetterTopic(), LITERAL, READ, WRITE, DESCRIBE_CONFIGS);
            }
        }
        rights.allow(KafkaAccess.CONSUMER, GROUP, KafkaAccess.CONSUMER, PREFIXED, READ);
        for (var topic : Topic.values()) {
            topic.writers().forEach(writer -> rights.allow(writer, TOPIC, prefix + topic.topicName(), LITERAL, WRITE));
            rights.allow(KafkaAccess.CONSUMER, TOPIC, prefix + topic.topicName(), LITERAL, READ);
            rights.allow(KafkaAccess.CONSUMER, TOPIC, prefix + topic.deadLetterTopic(), LITERAL, READ);
        }
        for (var topic : InternalTopic.values()) {
            rights.allow(topic.owner(), TOPIC, prefix + topic.topicName(), LITERAL, READ, WRITE, DESCRIBE_CONFIGS);
        }
        return List.copyOf(rights.bindings);
    }

    static List<AclBinding> ofApplication(String principal) {
        var rights = new KafkaRights();
        rights.allow(principal, TOPIC, Topic.SECURITY_EVENTS.topicName(), LITERAL, WRITE);
        rights.allow(principal, CLUSTER, Resource.CLUSTER_NAME, LITERAL, IDEMPOTENT_WRITE);
        return List.copyOf(rights.bindings);
    }

    private void allow(
            String principal, ResourceType type, String name, PatternType pattern, AclOperation... operations) {
        for (var operation : operations) {
            bindings.add(new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry("User:" + principal, "*", operation, AclPermissionType.ALLOW)));
        }
    }
}
