package io.bulwark.backup.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyTest {
    private final MasterKey key = new MasterKey(BackupSealTest.key(1));

    @Test
    void aCredentialOpensForItsOwnerAlone() throws BrokenSeal {
        var sealed = key.sealCredential("pa:ss\\wörd", "source 1");

        assertThat(key.openCredential(sealed, "source 1")).isEqualTo("pa:ss\\wörd");
        assertThatThrownBy(() -> key.openCredential(sealed, "source 2")).isInstanceOf(BrokenSeal.class);
        assertThatThrownBy(() -> new MasterKey(BackupSealTest.key(2)).openCredential(sealed, "source 1"))
                .hasMessageContaining("register the source again");
    }

    @Test
    void theFileHolds32BytesInBase64(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("key"), Base64.getEncoder().encodeToString(BackupSealTest.key(1)) + "\n");

        assertThat(MasterKey.read(file).id()).isEqualTo(key.id());
    }

    @Test
    void aBadFileIsRefusedWithoutShowingIt(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("key"), "not-a-key");

        assertThatThrownBy(() -> MasterKey.read(file))
                .hasMessageContaining("not 32 bytes in base64")
                .hasMessageNotContaining("not-a-key");
        assertThatThrownBy(() -> MasterKey.read(folder.resolve("missing"))).hasMessageContaining("cannot be read");
    }
}
