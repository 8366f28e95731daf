package io.bulwark.audit;

import io.bulwark.testkit.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class AuditArchitectureTest {
    @Test
    void keepsTheRules() {
        ArchitectureRules.check("io.bulwark.audit");
    }
}
