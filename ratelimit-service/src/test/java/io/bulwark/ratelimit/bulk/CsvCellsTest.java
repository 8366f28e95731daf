package io.bulwark.ratelimit.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellsTest {
    @Test
    void cellsAreReadAsRfc4180HasThem() {
        assertThat(CsvCells.read("203.0.113.7,\"a, \"\"b\"\"\",,PT1H"))
                .containsExactly("203.0.113.7", "a, \"b\"", "", "PT1H");
        assertThat(CsvCells.read("")).containsExactly("");
        assertThat(CsvCells.read("a,")).containsExactly("a", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a", "a\"b\"", "\"a\"b", "\"a\" ,b"})
    void quotesThatDoNotPairUpAreRefused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> CsvCells.read(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''@"})
    void whatASpreadsheetWouldCalculateIsDefusedAndReadAsItWas(String cell) {
        var line = CsvCells.write(List.of(cell, "next"));

        assertThat(line).startsWith("\"'");
        assertThat(CsvCells.read(line)).containsExactly(cell, "next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "a \"quoted\" word, and more", "'quoted'", ""})
    void everythingElseIsLeftAlone(String cell) {
        var line = CsvCells.write(List.of(cell));

        assertThat(line).isEqualTo('"' + cell.replace("\"", "\"\"") + '"');
        assertThat(CsvCells.read(line)).containsExactly(cell);
    }
}
