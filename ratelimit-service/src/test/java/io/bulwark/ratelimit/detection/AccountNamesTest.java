package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;

import io.bulwark.events.AttackEvent.PasswordSprayingDetected;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever attacks chooses what is typed as an account's name. */
@SuiteTest
class AccountNamesTest extends DetectionScene {
    private static final int ENOUGH = 10;

    @Test
    void anotherSpellingIsNoOtherAttack() {
        for (var i = 0; i < ENOUGH; i++) {
            fail(Api.freshAddress(), "head@example.com", "spelling");
        }
        attacks.await(PasswordSprayingDetected.class, attack -> attack.account().equals("head@example.com"));

        var joins = Api.freshAddress();
        fail(joins, " HEAD@example.com", "spelling");
        blocks.await(IpBlocked.class, of(joins));

        assertThat(attacks.seenAfter(
                        QUIET,
                        PasswordSprayingDetected.class,
                        attack -> attack.account().strip().equalsIgnoreCase("head@example.com")))
                .hasSize(1);
        Api.as("auditor")
                .get("/api/v1/detections?policy=password-spraying&application=spelling")
                .then()
                .body("items.subject", contains("head@example.com"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 400_000, 950_000})
    void aNameOfAnyLengthIsToldOfAndKeepsNothingBack(int length) {
        var application = "long-" + length;
        var address = Api.freshAddress();
        fail(address, "n".repeat(length), application);
        for (var i = 1; i < ENOUGH; i++) {
            fail(Api.freshAddress(), "n".repeat(length), application);
        }

        attacks.awaitCount(
                PasswordSprayingDetected.class, attack -> attack.account().length() == 32, 1);
        // on the partition of the first failure
        auth.send(new WafBlocked(address, null, "sqli", 20), application + "-after", now);

        blocks.await(IpBlocked.class, block -> block.application().equals(application + "-after"));
    }

    private void fail(String address, String account, String application) {
        fail(address, account, application, now.minusSeconds(50));
    }
}
