package io.bulwark.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureRulesTest {
    private static final String SAMPLE = "io.bulwark.testkit.architecture.sample";

    private final List<String> violations =
            ArchitectureRules.violations(new ClassFileImporter().importPackages(SAMPLE), SAMPLE);

    @Test
    void everyBreachIsNamed() {
        assertThat(violations)
                .anyMatch(breach -> breach.startsWith("- features have no cycles"))
                .anyMatch(breach -> breach.matches("- names come from the domain: .*FirstResource\\$RowMapper"))
                .anyMatch(breach -> breach.matches("- every endpoint says who may call it: .*rows\\(\\) lacks .*"))
                .anyMatch(breach -> breach.matches("- every endpoint says who may call it: .*change\\(\\) lacks .*"))
                .anyMatch(breach -> breach.matches("- every mutating endpoint is recorded: .*change\\(\\) lacks .*"))
                .anyMatch(breach -> breach.matches("- entities stay behind the endpoint: .*rows\\(\\) shows \\[Row]"))
                .anyMatch(breach -> breach.matches("- channels are .*consume\\(\\) consumes blocked-addresses"))
                .anyMatch(breach -> breach.matches("- channels are .*consumeBoth\\(\\) consumes lifted-blocks"))
                .anyMatch(breach -> breach.matches("- time and chance .*Instant\\.now\\(\\).*"))
                .anyMatch(breach -> breach.matches("- time and chance .*currentTimeMillis\\(\\).*"))
                .anyMatch(breach -> breach.matches("- time and chance .*LocalDate\\.now\\(\\).*"))
                .anyMatch(breach -> breach.matches("- time and chance .*Clock\\.systemUTC\\(\\).*"))
                .anyMatch(breach -> breach.matches("- time and chance .*Random\\.<init>\\(\\).*"))
                .anyMatch(breach -> breach.matches("- time and chance .*Math\\.random\\(\\).*"))
                .anyMatch(breach -> breach.startsWith("- nobody sleeps"))
                .anyMatch(breach -> breach.matches("- constructors inject, fields do not: .*FirstResource\\.second"))
                .hasSize(16);
    }

    @Test
    void whoAsksAnInjectedClockAndRecordsWhatItDoesBreaksNothing() {
        assertThat(violations)
                .filteredOn(breach -> breach.contains("Second."))
                .hasSize(1)
                .first()
                .asString()
                .contains("cycle");
    }

    @Test
    void serviceWithoutClassesIsAMistake() {
        assertThatThrownBy(() -> ArchitectureRules.check("io.bulwark.nothing")).isInstanceOf(AssertionError.class);
    }
}
