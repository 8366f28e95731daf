package io.bulwark.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.bulwark.events.Topic;
import java.util.Arrays;

/** Rules about methods that consume a topic. */
final class Channels {
    static final String INCOMING = "org.eclipse.microprofile.reactive.messaging.Incoming";

    /** Another channel would go on consuming the topic's usual name where configuration gives the topic a new one. */
    static final ArchCondition<JavaMethod> BE_NAMED_LIKE_TOPICS = new ArchCondition<>("be named like topics") {
        @Override
        public void check(JavaMethod method, ConditionEvents events) {
            var channel = method.getAnnotationOfType(INCOMING).get("value").orElseThrow();
            if (Arrays.stream(Topic.values()).map(Topic::topicName).noneMatch(channel::equals)) {
                events.add(SimpleConditionEvent.violated(method, method.getFullName() + " consumes " + channel));
            }
        }
    };

    private Channels() {}
}
