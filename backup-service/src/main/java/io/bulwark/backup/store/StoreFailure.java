package io.bulwark.backup.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The object store did not do what it was asked. */
public final class StoreFailure extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_LENGTH = 200;

    private final boolean gone;

    private StoreFailure(String reason, boolean gone, @Nullable Throwable cause) {
        super(reason, cause);
        this.gone = gone;
    }

    static StoreFailure of(SdkException e, String store) {
        if (e instanceof S3Exception refused) {
            return refused(refused);
        }
        if (e instanceof SdkClientException) {
            return new StoreFailure("the object store cannot be reached: " + store + " (" + root(e) + ")", false, e);
        }
        return new StoreFailure("the object store failed: " + root(e), false, e);
    }

    static StoreFailure tooLarge(int parts) {
        return new StoreFailure(
                "the backup does not fit " + parts + " parts; raise bulwark.backup.s3.part-size", false, null);
    }

    static StoreFailure interrupted(IOException e) {
        return new StoreFailure("the object store ended the connection early (" + root(e) + ")", false, e);
    }

    /** Whether the store answered that there is no such object, rather than nothing. */
    public boolean isGone() {
        return gone;
    }

    private static StoreFailure refused(S3Exception e) {
        var details = e.awsErrorDetails();
        var code = details == null ? "" : " " + details.errorCode();
        if (e.statusCode() == 404) {
            return new StoreFailure("the object store holds no such object (404" + code + ")", true, e);
        }
        return new StoreFailure("the object store refused: " + e.statusCode() + code, false, e);
    }

    private static String root(Throwable e) {
        var cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        var message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH);
    }
}
