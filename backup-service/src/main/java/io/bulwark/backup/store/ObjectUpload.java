package io.bulwark.backup.store;

import io.bulwark.kit.hash.Sha256;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object that is written as its bytes come: what fits one part in one request, more in parts. Nothing is there for
 * readers before {@link #complete()}; {@link #abort()} leaves nothing behind, and drops whatever is still written, so that
 * the streams on top can be closed in any case.
 */
public final class ObjectUpload extends OutputStream {
    private static final Logger LOG = Logger.getLogger(ObjectUpload.class);

    /** S3 takes no more: 160 GB at the default part size. */
    private static final int MAX_PARTS = 10_000;

    private static final int PRECONDITION_FAILED = 412;

    private final BackupStore store;
    private final String key;
    private final MessageDigest digest = Sha256.digest();
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] part;
    private int filled;
    private long size;
    private boolean over;
    private boolean completing;
    private @Nullable String uploadId;

    ObjectUpload(BackupStore store, String key) {
        this.store = store;
        this.key = key;
        part = new byte[Math.toIntExact(store.config().partSize().asLongValue())];
    }

    @Override
    public void write(int b) throws StoreFailure {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws StoreFailure {
        if (over) {
            return;
        }
        digest.update(bytes, offset, length);
        size += length;
        var from = offset;
        while (from < offset + length) {
            // A full part goes only when more comes: the last one must not be empty.
            if (filled == part.length) {
                sendPart();
            }
            var count = Math.min(part.length - filled, offset + length - from);
            System.arraycopy(bytes, from, part, filled, count);
            filled += count;
            from += count;
        }
    }

    /** Makes the object. */
    public void complete() throws StoreFailure {
        completing = true;
        if (uploadId == null) {
            askOnce(() -> store.client()
                    .putObject(
                            put -> {
                                put.bucket(store.config().bucket())
                                        .key(key)
                                        .storageClass(store.config().storageClass());
                                if (store.config().writeOnce()) {
                                    put.ifNoneMatch("*");
                                }
                            },
                            body()));
        } else {
            sendPart();
            askOnce(() -> store.client().completeMultipartUpload(complete -> {
                complete.bucket(store.config().bucket())
                        .key(key)
                        .uploadId(uploadId)
                        .multipartUpload(upload -> upload.parts(parts));
                if (store.config().writeOnce()) {
                    complete.ifNoneMatch("*");
                }
            }));
        }
        over = true;
    }

    /**
     * A request whose answer was lost is sent again, and then meets the object that it made itself. Whether it is ours
     * the reading back will tell, before anybody calls the backup complete.
     */
    private void askOnce(Supplier<?> request) throws StoreFailure {
        store.ask(() -> {
            try {
                return request.get();
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    if (e.numAttempts() != null && e.numAttempts() > 1) {
                        return key;
                    }
                    completing = false; // somebody else's object, which abort() must not delete
                }
                throw e;
            }
        });
    }

    /** Leaves nothing of it, as far as the store answers; does nothing more once it is complete. */
    public void abort() {
        if (over) {
            return;
        }
        over = true;
        part = new byte[0];
        if (uploadId != null) {
            remove(() -> store.client()
                    .abortMultipartUpload(abort ->
                            abort.bucket(store.config().bucket()).key(key).uploadId(uploadId)));
        }
        if (completing) {
            remove(() -> store.client()
                    .deleteObject(
                            delete -> delete.bucket(store.config().bucket()).key(key)));
        }
    }

    /** The upload is gone where the object was made of it and only the answer was lost: then the object must still go. */
    private void remove(Supplier<?> request) {
        try {
            store.ask(request);
        } catch (StoreFailure e) {
            if (!e.isGone()) {
                LOG.warnf("%s, or parts of it, may be left in the store: %s", key, e.getMessage());
            }
        }
    }

    /** Bytes written so far. */
    public long size() {
        return size;
    }

    /** In hex, of all that was written; ends the digest. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void sendPart() throws StoreFailure {
        if (parts.size() == MAX_PARTS) {
            throw StoreFailure.tooLarge(MAX_PARTS);
        }
        if (uploadId == null) {
            uploadId = store.ask(() -> store.client()
                            .createMultipartUpload(
                                    create -> create.bucket(store.config().bucket())
                                            .key(key)
                                            .storageClass(store.config().storageClass())))
                    .uploadId();
        }
        var number = parts.size() + 1;
        var sent = store.ask(() -> store.client()
                .uploadPart(
                        upload -> upload.bucket(store.config().bucket())
                                .key(key)
                                .uploadId(uploadId)
                                .partNumber(number),
                        body()));
        parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
        filled = 0;
    }

    /** Without a copy of the part, and from its beginning each time that the request is tried. */
    private RequestBody body() {
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(part, 0, filled), filled, "application/octet-stream");
    }
}
