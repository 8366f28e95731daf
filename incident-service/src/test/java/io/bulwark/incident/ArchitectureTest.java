package io.bulwark.incident;

import io.bulwark.testkit.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheShapeOfEveryService() {
        ArchitectureRules.check("io.bulwark.incident");
    }
}
