package io.bulwark.backup.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The form of a stored backup: a magic word, the id of the key file's key, the wrapped data key, then the zstd frame in
 * AES256_GCM_HKDF_1MB (Tink). An object carries all that the holder of the key file needs: a backup must open when the
 * database of this service is what was lost. Wrapping and encryption are bound to the backup's id and its object key, so
 * that no object passes for another; a cut, even between segments, is found.
 */
@ApplicationScoped
public class BackupSeal {
    private static final byte[] MAGIC = "BULWARK1".getBytes(US_ASCII);
    private static final int DATA_KEY_BYTES = 32;
    private static final int SEGMENT_BYTES = 1 << 20;
    /** Measured: 559 MB/s, and smaller than gzip's default; the next levels cost more than the dump itself. */
    private static final int ZSTD_LEVEL = 1;

    private static final int MAX_WRAPPED_BYTES = 1024;

    private final MasterKey master;
    private final SecureRandom random = new SecureRandom();

    BackupSeal(MasterKey master) {
        this.master = master;
    }

    /** Compresses and encrypts what is written to it. Only closing it makes the seal whole. */
    public OutputStream sealing(OutputStream stored, String backupId, String objectKey) throws IOException {
        var dataKey = new byte[DATA_KEY_BYTES];
        random.nextBytes(dataKey);
        var context = context(backupId, objectKey);
        try {
            var wrapped = master.dataKeys().encrypt(dataKey, context);
            var header = new DataOutputStream(stored);
            header.write(MAGIC);
            header.write(master.id());
            header.writeShort(wrapped.length);
            header.write(wrapped);
            header.flush();
            var encrypting = streaming(dataKey).newEncryptingStream(stored, context);
            return new ZstdOutputStream(encrypting, ZSTD_LEVEL).setChecksum(true);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not at hand", e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    /** Decrypts and decompresses; read it to its end, for only there a cut shows. Closing it leaves {@code stored} open. */
    public InputStream opening(InputStream stored, String backupId, String objectKey) throws IOException {
        var context = context(backupId, objectKey);
        var dataKey = dataKey(new DataInputStream(stored), context);
        try {
            return new ZstdInputStream(streaming(dataKey).newDecryptingStream(new LeftOpen(stored), context));
        } catch (GeneralSecurityException e) {
            throw new BrokenSeal("the encryption does not open", e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }

    private byte[] dataKey(DataInputStream header, byte[] context) throws IOException {
        try {
            if (!Arrays.equals(header.readNBytes(MAGIC.length), MAGIC)) {
                throw new BrokenSeal("this is not a backup of ours");
            }
            var id = header.readNBytes(master.id().length);
            var length = header.readUnsignedShort();
            if (length > MAX_WRAPPED_BYTES) {
                throw new BrokenSeal("the head of the object is damaged");
            }
            var wrapped = header.readNBytes(length);
            if (!Arrays.equals(id, master.id())) {
                throw new BrokenSeal("it was sealed with another key file");
            }
            return master.dataKeys().decrypt(wrapped, context);
        } catch (EOFException e) {
            throw new BrokenSeal("the object ends within its head", e);
        } catch (GeneralSecurityException e) {
            throw new BrokenSeal("its key does not open: it is another backup's object, or it was changed", e);
        }
    }

    private static StreamingAead streaming(byte[] dataKey) throws GeneralSecurityException {
        return new AesGcmHkdfStreaming(dataKey, "HmacSha256", DATA_KEY_BYTES, SEGMENT_BYTES, 0);
    }

    private static byte[] context(String backupId, String objectKey) {
        return (backupId + "\n" + objectKey).getBytes(UTF_8);
    }

    private static final class LeftOpen extends FilterInputStream {
        LeftOpen(InputStream in) {
            super(in);
        }

        @Override
        public void close() {}
    }
}
