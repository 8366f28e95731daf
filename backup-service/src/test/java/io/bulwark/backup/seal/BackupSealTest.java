package io.bulwark.backup.seal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupSealTest {
    private static final String ID = "0198c2a4-7d1e-7c3a-9b52-3f6d5e1a9c01";
    private static final String KEY = "shop/orders/" + ID;
    private static final int MIB = 1 << 20;

    /** Compresses badly, so that it fills more than three segments. */
    private static final byte[] DUMP = noise(3 * MIB + 12_345);

    private final BackupSeal seal = new BackupSeal(new MasterKey(key(1)));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, MIB, 3 * MIB + 12_345})
    void whatIsSealedOpens(int size) throws IOException {
        var dump = Arrays.copyOf(DUMP, size);

        assertThat(open(seal, seal(dump), ID, KEY)).isEqualTo(dump);
    }

    @Test
    void nothingOfTheDumpIsReadable() throws IOException {
        var dump = "insert into customer values ('Ada Lovelace')".repeat(1000).getBytes(ISO_8859_1);

        assertThat(new String(seal(dump), ISO_8859_1)).doesNotContain("Lovelace");
    }

    @Test
    void theSameDumpIsSealedDifferentlyEachTime() throws IOException {
        assertThat(seal(DUMP)).isNotEqualTo(seal(DUMP));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 12, 17, 40, 100, 1000, MIB + 100, -1})
    void aChangedBitIsFound(int position) throws IOException {
        var sealed = seal(DUMP);
        sealed[position < 0 ? sealed.length + position : position] ^= 1;

        assertThatThrownBy(() -> open(seal, sealed, ID, KEY)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 18, 60, 110, MIB, 2 * MIB})
    void aCutIsFound(int length) throws IOException {
        var cut = Arrays.copyOf(seal(DUMP), length);

        assertThatThrownBy(() -> open(seal, cut, ID, KEY)).isInstanceOf(IOException.class);
    }

    @Test
    void aCutBetweenTwoSegmentsIsFound() throws IOException {
        var sealed = seal(DUMP);
        var head = headLength(sealed);

        for (var segments = 1; segments <= 3; segments++) {
            var cut = Arrays.copyOf(sealed, head + segments * MIB);
            assertThatThrownBy(() -> open(seal, cut, ID, KEY)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anotherBackupsObjectDoesNotPassForThisOne() throws IOException {
        var sealed = seal(DUMP);

        assertThatThrownBy(() -> open(seal, sealed, ID, "shop/orders/another")).isInstanceOf(BrokenSeal.class);
        assertThatThrownBy(() -> open(seal, sealed, ID.replace('1', '2'), KEY)).isInstanceOf(BrokenSeal.class);
    }

    @Test
    void anotherKeyFileIsNamedAsTheReason() throws IOException {
        var sealed = seal(DUMP);

        assertThatThrownBy(() -> open(new BackupSeal(new MasterKey(key(2))), sealed, ID, KEY))
                .isInstanceOf(BrokenSeal.class)
                .hasMessageContaining("another key file");
    }

    @Test
    void closingTheDumpLeavesTheObjectOpen() throws IOException {
        var closed = new boolean[1];
        var object = new ByteArrayInputStream(seal(DUMP)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        seal.opening(object, ID, KEY).close();

        assertThat(closed[0]).isFalse();
    }

    private byte[] seal(byte[] dump) throws IOException {
        var object = new ByteArrayOutputStream();
        try (var sealing = seal.sealing(object, ID, KEY)) {
            sealing.write(dump);
        }
        return object.toByteArray();
    }

    private static byte[] open(BackupSeal seal, byte[] sealed, String id, String key) throws IOException {
        try (var dump = seal.opening(new ByteArrayInputStream(sealed), id, key)) {
            return dump.readAllBytes();
        }
    }

    /** Magic word, key id, length and wrapped key; Tink counts its own header as part of the first segment. */
    private static int headLength(byte[] sealed) {
        return 8 + 8 + 2 + ((sealed[16] & 0xFF) << 8 | sealed[17] & 0xFF);
    }

    private static byte[] noise(int size) {
        var noise = new byte[size];
        new Random(7).nextBytes(noise);
        return noise;
    }

    static byte[] key(int fill) {
        var key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }
}
