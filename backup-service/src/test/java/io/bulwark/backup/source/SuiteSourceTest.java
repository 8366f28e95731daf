package io.bulwark.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.backup.tool.DatabaseLogin.SslMode;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteSourceTest {
    @Test
    void aUrlTellsWhereTheDatabaseIs() {
        assertThat(login("postgresql://db.example:6432/bulwark"))
                .isEqualTo(new DatabaseLogin("db.example", 6432, "bulwark", "dump", "secret", SslMode.PREFER));
        assertThat(login("postgresql://db.example/bulwark").port()).isEqualTo(5432);
    }

    @Test
    void aUrlTellsHowTheConnectionIsProtected() {
        assertThat(login("postgresql://db.example/bulwark?sslmode=verify-full").sslMode())
                .isEqualTo(SslMode.VERIFY_FULL);
    }

    @Test
    void anAddressIsWithoutTheBracketsOfItsUrl() {
        assertThat(login("postgresql://[::1]:5432/bulwark").host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example/bulwark",
                "mysql://db.example/bulwark",
                "postgresql:///bulwark",
                "postgresql://db.example",
                "postgresql://db.example/",
                "postgresql://somebody:hunter2@db.example/bulwark",
                "postgresql://db.example/bulwark?sslmode=maybe",
                "postgresql://db.example/bulwark?sslmode=",
                "postgresql://db.example/bulwark?sslmode=require&sslcert=x",
                "postgresql://db.example/bulwark?options=-c%20role=x",
                "postgresql://db.example/bulwark#x",
            })
    void whatCannotBeUsedIsRefusedRatherThanPassedOver(String url) {
        assertThatThrownBy(() -> login(url))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("BULWARK_BACKUP_SOURCE_URL is not like ")
                .hasMessageNotContaining("hunter2");
    }

    private static DatabaseLogin login(String url) {
        return SuiteSource.login(URI.create(url), "dump", "secret");
    }
}
