package io.bulwark.kit.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.problem.Problem;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

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
