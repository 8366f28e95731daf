package io.bulwark.testkit.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Rules about methods that answer HTTP. Annotations are matched by name: not every user of the kit has them all. */
final class Endpoints {
    private static final List<String> MUTATING_VERBS =
            List.of("jakarta.ws.rs.POST", "jakarta.ws.rs.PUT", "jakarta.ws.rs.PATCH", "jakarta.ws.rs.DELETE");
    private static final List<String> READING_VERBS =
            List.of("jakarta.ws.rs.GET", "jakarta.ws.rs.HEAD", "jakarta.ws.rs.OPTIONS");
    private static final List<String> ACCESS = List.of(
            "jakarta.annotation.security.RolesAllowed",
            "jakarta.annotation.security.PermitAll",
            "jakarta.annotation.security.DenyAll",
            "io.quarkus.security.Authenticated");
    private static final List<String> RECORD = List.of(
            "io.bulwark.kit.audit.Audited", "io.bulwark.kit.audit.NotAudited", "io.bulwark.kit.access.ReadsOnly");

    static final DescribedPredicate<JavaMethod> ARE_MUTATING =
            DescribedPredicate.describe("are mutating endpoints", method -> has(method, MUTATING_VERBS));
    static final DescribedPredicate<JavaMethod> ARE_ENDPOINTS = DescribedPredicate.describe(
            "are endpoints", method -> has(method, MUTATING_VERBS) || has(method, READING_VERBS));

    static final ArchCondition<JavaMethod> SAY_WHO_MAY_CALL =
            condition(Endpoints::saysWhoMayCall, method -> " lacks one of " + ACCESS);
    static final ArchCondition<JavaMethod> SAY_WHAT_IS_RECORDED =
            condition(method -> has(method, RECORD), method -> " lacks one of " + RECORD);
    static final ArchCondition<JavaMethod> HIDE_ENTITIES =
            condition(method -> entities(method).isEmpty(), method -> " shows " + entities(method));

    private Endpoints() {}

    private static ArchCondition<JavaMethod> condition(
            Predicate<JavaMethod> holds, Function<JavaMethod, String> complaint) {
        return new ArchCondition<>("hold") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (!holds.test(method)) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + complaint.apply(method)));
                }
            }
        };
    }

    private static boolean has(JavaMethod method, List<String> annotations) {
        return annotations.stream().anyMatch(method::isAnnotatedWith);
    }

    private static boolean saysWhoMayCall(JavaMethod method) {
        return has(method, ACCESS) || ACCESS.stream().anyMatch(method.getOwner()::isAnnotatedWith);
    }

    private static List<String> entities(JavaMethod method) {
        return Stream.concat(Stream.of(method.getReturnType()), method.getParameterTypes().stream())
                .map(JavaType::getAllInvolvedRawTypes)
                .flatMap(Set::stream)
                .filter(type -> type.isAnnotatedWith("jakarta.persistence.Entity"))
                .map(JavaClass::getSimpleName)
                .distinct()
                .toList();
    }
}
