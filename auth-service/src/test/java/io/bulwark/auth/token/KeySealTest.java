package io.bulwark.auth.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.auth.PlainConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySealTest {
    @TempDir
    Path folder;

    @Test
    void opensWhatItSealedUnderTheSameNameOnly() throws Exception {
        var seal = seal("one");
        var sealed = seal.seal("secret".getBytes(UTF_8), "kid-1");

        assertThat(seal.open(sealed, "kid-1")).asString(UTF_8).isEqualTo("secret");
        assertThatThrownBy(() -> seal.open(sealed, "kid-2")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> seal("two").open(sealed, "kid-1")).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void saysInOneLineWhatIsWrongWithTheFile() throws IOException {
        assertThatThrownBy(() -> new KeySeal(PlainConfig.of(Map.of())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("BULWARK_AUTH_KEY_FILE is not set");
        assertThatThrownBy(() -> of(folder.resolve("absent")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be read");
        var tooShort = Files.writeString(folder.resolve("short"), "c2hvcnQ=");
        assertThatThrownBy(() -> of(tooShort))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("32 bytes");
    }

    private KeySeal seal(String name) throws IOException {
        var key = new byte[32];
        key[0] = (byte) name.length();
        key[1] = (byte) name.charAt(0);
        return of(Files.writeString(folder.resolve(name), Base64.getEncoder().encodeToString(key)));
    }

    private static KeySeal of(Path file) {
        return new KeySeal(PlainConfig.of(Map.of("bulwark.auth.key-file", file.toString())));
    }
}
