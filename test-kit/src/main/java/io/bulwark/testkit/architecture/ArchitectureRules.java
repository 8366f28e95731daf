package io.bulwark.testkit.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rules that every service keeps. A service's test is one line:
 * {@code @Test void keepsTheRules() { ArchitectureRules.check("io.bulwark.auth"); }}.
 */
public final class ArchitectureRules {
    private static final List<String> SERVICES = List.of(
            "io.bulwark.auth", "io.bulwark.ratelimit", "io.bulwark.incident", "io.bulwark.backup", "io.bulwark.audit");

    private ArchitectureRules() {}

    /**
     * @param servicePackage such as {@code io.bulwark.auth}
     * @throws AssertionError which names everything in the service's main classes that breaks a rule
     */
    public static void check(String servicePackage) {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(servicePackage);
        if (classes.isEmpty()) {
            throw new AssertionError("No classes of " + servicePackage + " on the class path");
        }
        var violations = violations(classes, servicePackage);
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.size() + " breaches of the architecture of " + servicePackage + ":\n"
                    + String.join("\n", violations));
        }
    }

    static List<String> violations(JavaClasses classes, String servicePackage) {
        return rules(servicePackage)
                .flatMap(rule -> rule.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails().stream()
                        .map(detail -> "- " + rule.getDescription() + ": " + detail))
                .toList();
    }

    private static Stream<ArchRule> rules(String servicePackage) {
        return Stream.of(
                slices().matching(servicePackage + ".(*)..")
                        .should()
                        .beFreeOfCycles()
                        .as("features have no cycles"),
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(SERVICES.stream()
                                .filter(service -> !service.equals(servicePackage))
                                .map(service -> service + "..")
                                .toArray(String[]::new)))
                        .as("services do not know each other"),
                classes().should(Naming.SAY_WHAT_THEY_ARE).as("names come from the domain"),
                methods()
                        .that(Endpoints.ARE_ENDPOINTS)
                        .should(Endpoints.SAY_WHO_MAY_CALL)
                        .as("every endpoint says who may call it"),
                methods()
                        .that(Endpoints.ARE_MUTATING)
                        .should(Endpoints.SAY_WHAT_IS_RECORDED)
                        .as("every mutating endpoint is recorded"),
                methods()
                        .that(Endpoints.ARE_ENDPOINTS)
                        .should(Endpoints.HIDE_ENTITIES)
                        .as("entities stay behind the endpoint"),
                methods().should(Channels.BE_NAMED_LIKE_TOPICS).as("channels are named like their topics"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.bulwark.kit.time..")
                        .should()
                        .accessTargetWhere(Calls.ASK_THE_MACHINE)
                        .as("time and chance are injected"),
                noClasses().should().accessTargetWhere(Calls.SLEEP).as("nobody sleeps"),
                fields().should(Naming.NOT_BE_INJECTED).as("constructors inject, fields do not"));
    }
}
