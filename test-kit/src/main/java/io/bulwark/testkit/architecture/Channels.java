package io.bulwark.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.bulwark.events.Topic;
import java.util.Arrays;
import java.util.stream.Stream;

/** Rules about methods that consume a topic. */
final class Channels {
    private static final String INCOMING = "org.eclipse.microprofile.reactive.messaging.Incoming";

    /** What the compiler makes of several. */
    private static final String INCOMINGS = "io.smallrye.reactive.messaging.annotations.Incomings";

    /** Another channel would go on consuming the topic's usual name where configuration gives the topic a new one. */
    static final ArchCondition<JavaMethod> BE_NAMED_LIKE_TOPICS = new ArchCondition<>("be named like topics") {
        @Override
        public void check(JavaMethod method, ConditionEvents events) {
            consumed(method)
                    .filter(channel ->
                            Arrays.stream(Topic.values()).map(Topic::topicName).noneMatch(channel::equals))
                    .map(channel ->
                            SimpleConditionEvent.violated(method, method.getFullName() + " consumes " + channel))
                    .forEach(events::add);
        }
    };

    private Channels() {}

    private static Stream<String> consumed(JavaMethod method) {
        return method.getAnnotations().stream()
                .flatMap(annotation -> switch (annotation.getRawType().getName()) {
                    case INCOMING -> Stream.of(annotation);
                    case INCOMINGS -> Arrays.stream((JavaAnnotation<?>[]) value(annotation));
                    default -> Stream.empty();
                })
                .map(incoming -> (String) value(incoming));
    }

    private static Object value(JavaAnnotation<?> annotation) {
        return annotation.get("value").orElseThrow();
    }
}
