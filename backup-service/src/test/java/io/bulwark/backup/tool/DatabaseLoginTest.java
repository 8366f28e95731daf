package io.bulwark.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseLoginTest {
    private final DatabaseLogin login =
            new DatabaseLogin("db", 5432, "shop", "dump", "a:b\\c", DatabaseLogin.SslMode.PREFER);

    @Test
    void aPasswordFileHasItsOwnEscapes() {
        assertThat(login.passwordLine()).isEqualTo("*:*:*:*:a\\:b\\\\c\n");
    }

    @Test
    void thePasswordIsNotInItsText() {
        assertThat(login.toString()).isEqualTo("dump@db:5432/shop");
    }
}
