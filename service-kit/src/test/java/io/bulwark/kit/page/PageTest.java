package io.bulwark.kit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    @Test
    void showsTheLimitAndACursorToTheRest() {
        var page = Page.of(List.of(1, 2, 3), 2, String::valueOf, Function.identity());

        assertThat(page.items()).containsExactly(1, 2);
        assertThat(Cursor.<Integer>read(page.nextCursor(), Integer::valueOf)).isEqualTo(2);
    }

    @Test
    void hasNoCursorOnTheLastPage() {
        assertThat(Page.of(List.of(1, 2), 2, String::valueOf, Function.identity())
                        .nextCursor())
                .isNull();
    }

    @Test
    void refusesACursorThatItDidNotMake() {
        assertThatThrownBy(() -> Cursor.read("bm90LWEtbnVtYmVy", Integer::valueOf))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Cursor.read("%%%", Integer::valueOf)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Cursor.read(Cursor.of("sho\0p"), name -> name))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(422));
    }

    @Test
    void readsACursorOfATimeAndAnId() {
        var position = new TimePosition(Instant.parse("2026-01-15T09:30:00.123456Z"), new UUID(1, 2));

        assertThat(TimePosition.read(Cursor.of(position.toString()))).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "+10000-01-01T00:00:00Z", "yesterday"})
    void refusesACursorOfATimeThatNoDatabaseStores(String time) {
        assertThatThrownBy(() -> TimePosition.read(Cursor.of(time + " " + new UUID(1, 2))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(422));
    }

    @Test
    void readsACursorOfTwoParts() {
        var cursor = Cursor.of("shop log in");

        assertThat(Cursor.<String>readPair(cursor, (one, other) -> other + " of " + one))
                .isEqualTo("log in of shop");
        assertThat(Cursor.<String>readPair(null, (one, other) -> one)).isNull();
        assertThatThrownBy(() -> Cursor.readPair(Cursor.of("shop"), (one, other) -> one))
                .isInstanceOf(Problem.class);
    }
}
