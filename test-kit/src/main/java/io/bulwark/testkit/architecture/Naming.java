package io.bulwark.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.regex.Pattern;

/** Rules about declarations. */
final class Naming {
    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Impl|Utils?|Helper|Manager|Dto|Mapper)");
    private static final List<String> INJECTIONS =
            List.of("jakarta.inject.Inject", "org.eclipse.microprofile.config.inject.ConfigProperty");

    static final ArchCondition<JavaClass> SAY_WHAT_THEY_ARE = new ArchCondition<>("say what they are") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
            if (EMPTY_NAME.matcher(type.getSimpleName()).matches()) {
                events.add(SimpleConditionEvent.violated(type, type.getName()));
            }
        }
    };

    static final ArchCondition<JavaField> NOT_BE_INJECTED = new ArchCondition<>("not be injected") {
        @Override
        public void check(JavaField field, ConditionEvents events) {
            if (INJECTIONS.stream().anyMatch(field::isAnnotatedWith)) {
                events.add(SimpleConditionEvent.violated(field, field.getFullName()));
            }
        }
    };

    private Naming() {}
}
