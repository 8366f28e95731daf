package io.bulwark.ratelimit.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the three kinds of bodies are read as. */
class EntriesTest {
    private final List<String> seen = new ArrayList<>();
    private final EntrySink sink = new EntrySink() {
        @Override
        public void take(int line, Map<String, String> fields) {
            seen.add(line + " " + new TreeMap<>(fields));
        }

        @Override
        public void refuse(int line, String why) {
            seen.add(line + " refused: " + why);
        }

        @Override
        public void end(int lines) {
            seen.add(lines + " lines");
        }
    };

    @Test
    void aPlainListHasATargetALineAndComments() throws IOException {
        PlainEntries.read(
                body("\uFEFF# list\r\n203.0.113.7 # why\r\n\r\n\uFEFF  2001:db8::/32\n" + "x".repeat(2_000)), sink);

        assertThat(seen)
                .containsExactly(
                        "2 {target=203.0.113.7}",
                        "4 {target=2001:db8::/32}",
                        "5 refused: is longer than 1024 bytes",
                        "5 lines");
    }

    @Test
    void csvNamesItsFieldsInAnyOrder() throws IOException {
        CsvEntries.read(body("\uFEFFreason,target\n\"a, b\",203.0.113.7\n,203.0.113.8\n\nx\n\"x,203.0.113.9\n"), sink);

        assertThat(seen)
                .containsExactly(
                        "2 {reason=a, b, target=203.0.113.7}",
                        "3 {target=203.0.113.8}",
                        "5 refused: has 1 cells, and the header 2",
                        "6 refused: has a quote that does not end its cell",
                        "6 lines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "reason", "target,target", "target,colour", "203.0.113.7", "\"target"})
    void csvNeedsAHeader(String header) {
        assertThatThrownBy(() -> CsvEntries.read(body(header + "\n203.0.113.7\n"), sink))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("header");
    }

    @Test
    void anArrayHoldsObjectsAndTargets() throws IOException {
        JsonEntries.read(body("""
                ["203.0.113.7", {"target": "203.0.113.8", "reason": null, "duration": "PT1H"}, 7, ["a"],
                 {"target": 1}, {"target": "a", "more": {"b": [1]}}, {}]"""), sink);

        assertThat(seen)
                .containsExactly(
                        "1 {target=203.0.113.7}",
                        "2 {duration=PT1H, target=203.0.113.8}",
                        "3 refused: is neither an object nor a string",
                        "4 refused: is neither an object nor a string",
                        "5 refused: target: must be a string",
                        "6 refused: has an unknown field",
                        "7 {}",
                        "7 lines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null", "[", "[\"a\"", "[\"a\" \"b\"]", "[] []", "[[[[[[[[[[[[]]]]]]]]]]]]"})
    void whatIsNoArrayIsRefusedAsAWhole(String json) {
        assertThatThrownBy(() -> JsonEntries.read(body(json), sink))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
