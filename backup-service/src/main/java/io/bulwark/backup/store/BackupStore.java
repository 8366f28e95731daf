package io.bulwark.backup.store;

import io.bulwark.backup.BackupConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The bucket that the backups are in, made on first use. */
@ApplicationScoped
public class BackupStore {
    /**
     * A pooled connection that the store has closed meanwhile fails a try of a request, and several of them all tries; those that have
     * lived for so long are not used again. The parts of one backup follow each other sooner.
     */
    private static final Duration CONNECTION_LIFE = Duration.ofMillis(500);

    private final BackupConfig.S3 config;
    private final S3Client client;
    private volatile boolean bucketSeen;

    BackupStore(BackupConfig config) {
        this.config = config.s3();
        client = client(this.config);
    }

    /** Where an object is, for people. */
    public String location(String key) {
        return "s3://" + config.bucket() + "/" + key;
    }

    /** Begins an object; it is there for readers only once it is complete. */
    public ObjectUpload upload(String key) throws StoreFailure {
        ensureBucket();
        return new ObjectUpload(this, key);
    }

    /** Opens an object. */
    public StoredObject open(String key) throws StoreFailure {
        return new StoredObject(
                ask(() -> client.getObject(get -> get.bucket(config.bucket()).key(key))));
    }

    /** Removes what a run that never completed may have left under its key: the object, and parts of it. */
    public void discard(String key) throws StoreFailure {
        var uploads = ask(() ->
                client.listMultipartUploads(list -> list.bucket(config.bucket()).prefix(key)));
        for (var upload : uploads.uploads()) {
            if (upload.key().equals(key)) {
                ask(() -> client.abortMultipartUpload(
                        abort -> abort.bucket(config.bucket()).key(key).uploadId(upload.uploadId())));
            }
        }
        ask(() -> client.deleteObject(delete -> delete.bucket(config.bucket()).key(key)));
    }

    @PreDestroy
    void close() {
        client.close();
    }

    BackupConfig.S3 config() {
        return config;
    }

    S3Client client() {
        return client;
    }

    <T> T ask(Supplier<T> request) throws StoreFailure {
        try {
            return request.get();
        } catch (SdkException e) {
            bucketSeen = false;
            throw StoreFailure.of(e, config.endpoint().map(URI::toString).orElse("Amazon S3"));
        }
    }

    private void ensureBucket() throws StoreFailure {
        if (bucketSeen) {
            return;
        }
        if (!ask(this::isBucketThere)) {
            ask(this::makeBucket);
        }
        bucketSeen = true;
    }

    private boolean isBucketThere() {
        try {
            client.headBucket(head -> head.bucket(config.bucket()));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return false;
            }
            throw e;
        }
    }

    private boolean makeBucket() {
        try {
            client.createBucket(create -> create.bucket(config.bucket()));
            return true;
        } catch (BucketAlreadyOwnedByYouException e) {
            return true;
        }
    }

    private static S3Client client(BackupConfig.S3 config) {
        var builder = S3Client.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(credentials(config))
                .httpClientBuilder(ApacheHttpClient.builder()
                        .socketTimeout(config.timeout())
                        .connectionTimeToLive(CONNECTION_LIFE))
                .overrideConfiguration(override -> override.apiCallAttemptTimeout(config.timeout()))
                // Newer checksum headers break compatible stores; a backup is proved by reading it back.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        config.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint).forcePathStyle(true));
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(BackupConfig.S3 config) {
        if (config.accessKey().isPresent() && config.secretKey().isPresent()) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    config.accessKey().get(), config.secretKey().get()));
        }
        return DefaultCredentialsProvider.builder().build();
    }
}
