package io.bulwark.audit.verification;

import static io.bulwark.audit.verification.VerificationTest.problems;
import static io.bulwark.audit.verification.VerificationTest.verify;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.audit.Recorded;
import io.bulwark.audit.Tampering;
import io.bulwark.testkit.SuiteTest;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuiteTest
class DamagedHeadTest {
    @BeforeEach
    void fill() {
        Recorded.fillTo(300);
    }

    @Test
    void alteredHeadIsFound() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("update audit.head set root = sha256('x')");
            assertThat(problems()).containsExactly("the head's root is not what its frontier adds up to");
            tampering.change("update audit.head set size = 0, root = sha256(''), frontier = ''");
            assertThat(problems()).anyMatch(problem -> problem.startsWith("lies beyond the head"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "update audit.head set root = ''      | the head cannot be read: A hash has 32 bytes, not 0",
                "update audit.head set size = -1      | the head cannot be read: No edge of a tree of -1 leaves",
                "update audit.head set frontier = 'x' | the head cannot be read: No edge of a tree of ",
                "delete from audit.head               | the head is gone"
            })
    void headThatCannotBeReadIsNamedOnceAndTheEntriesAreJudgedWithoutIt(String change, String problem)
            throws SQLException {
        var sound = verify();
        assertThat(sound.getBoolean("ok")).isTrue();
        try (var tampering = new Tampering()) {
            tampering.change(change);
            var result = verify();
            assertThat(result.getList("findings.problem"))
                    .singleElement()
                    .asString()
                    .startsWith(problem);
            assertThat(result.getLong("size")).isGreaterThanOrEqualTo(sound.getLong("size"));

            tampering.change(
                    "update audit.entry set outcome = case outcome when 'DENIED' then 'ALLOWED' else 'DENIED' end where index = 3");
            assertThat(problems()).hasSize(2).last().isEqualTo("column outcome does not say what the leaf says");
        }
    }

    @Test
    void withoutAHeadTheEarlierVerificationSaysHowFarTheLogReached() throws SQLException {
        assertThat(verify().getBoolean("ok")).isTrue();
        try (var tampering = new Tampering()) {
            tampering.change("delete from audit.head");
            tampering.change("update audit.verification set root = sha256('x')");
            assertThat(problems())
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith("are not those that an earlier verification saw");

            tampering.change("delete from audit.entry");
            tampering.change("delete from audit.merkle_node");
            assertThat(problems()).hasSize(2).last().asString().startsWith("the log ends before the ");
        }
    }

    @Test
    void tailCutOffTogetherWithTheHeadIsFoundByTheEarlierVerification() throws SQLException {
        assertThat(verify().getBoolean("ok")).isTrue();
        try (var tampering = new Tampering()) {
            tampering.change("delete from audit.entry");
            tampering.change("delete from audit.merkle_node");
            tampering.change("update audit.head set size = 0, root = sha256(''), frontier = ''");
            assertThat(problems()).singleElement().asString().startsWith("the log ends before the ");
        }
    }
}
