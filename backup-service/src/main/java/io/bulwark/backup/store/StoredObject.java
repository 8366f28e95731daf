package io.bulwark.backup.store;

import io.bulwark.kit.hash.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object as it comes from the store, counted and digested. What the network does to it is a {@link StoreFailure}, so
 * that nobody takes a broken connection for a broken object.
 */
public final class StoredObject extends FilterInputStream {
    private final ResponseInputStream<GetObjectResponse> content;
    private final long announced;
    private final MessageDigest digest = Sha256.digest();
    private long size;

    StoredObject(ResponseInputStream<GetObjectResponse> content) {
        super(content);
        this.content = content;
        announced = content.response().contentLength();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(buffer, offset, length);
        } catch (IOException e) {
            throw StoreFailure.interrupted(e);
        }
        if (read > 0) {
            digest.update(buffer, offset, read);
            size += read;
        } else if (read < 0 && size < announced) {
            throw StoreFailure.interrupted(new IOException(size + " of " + announced + " bytes came"));
        }
        return read;
    }

    /** Only in order, and only what is looked at: a skipped byte would be missing from the digest. */
    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 8192)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads what nobody has read yet, so that size and digest are those of the whole. */
    public void readToEnd() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }

    public long size() {
        return size;
    }

    /** In hex, of what was read so far; ends the digest. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A connection with content left on it is dropped rather than read to its end. */
    @Override
    public void close() throws IOException {
        if (size < announced) {
            content.abort();
        } else {
            content.close();
        }
    }
}
