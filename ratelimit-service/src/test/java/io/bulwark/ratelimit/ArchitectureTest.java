package io.bulwark.ratelimit;

import io.bulwark.testkit.architecture.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheRules() {
        ArchitectureRules.check("io.bulwark.ratelimit");
    }
}
