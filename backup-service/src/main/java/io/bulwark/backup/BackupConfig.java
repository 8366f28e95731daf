package io.bulwark.backup;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** What can be configured, each as {@code bulwark.backup.*} or {@code BULWARK_BACKUP_*}. */
@ConfigMapping(prefix = "bulwark.backup")
public interface BackupConfig {
    /** 32 random bytes in base64. Whoever loses this file loses every backup: keep a copy where no backup is. */
    Path keyFile();

    /** For short-lived private files, such as what a dump signs in with; nothing large is ever written here. */
    @WithDefault("${java.io.tmpdir}/bulwark-backup")
    Path workDir();

    /** In PEM: whom sources with {@code sslMode: verify-full} are checked against. */
    Optional<Path> rootCertificates();

    S3 s3();

    /** The suite's own database, registered on start where a URL is given, and anew where the URL names another. */
    SuiteDatabase source();

    Runs runs();

    interface S3 {
        /** Where the store is, unless it is Amazon's. */
        Optional<URI> endpoint();

        /** Made on first use where it is missing. */
        @WithDefault("bulwark-backups")
        String bucket();

        @WithDefault("us-east-1")
        String region();

        /** Without it the credentials are looked for where Amazon's SDK looks. */
        Optional<String> accessKey();

        Optional<String> secretKey();

        /** Such as STANDARD_IA, which charges for 30 days at least. */
        @WithDefault("STANDARD")
        String storageClass();

        /** What one upload request carries, and what a run holds in memory; S3 takes no less than 5 MiB. */
        @WithDefault("16M")
        MemorySize partSize();

        /** Asks the store to refuse a second object under the same key, for stores that know If-None-Match. */
        @WithDefault("true")
        boolean writeOnce();

        /** For how long one request may be without an answer. */
        @WithDefault("60S")
        Duration timeout();
    }

    interface SuiteDatabase {
        /**
         * Such as {@code postgresql://127.0.0.1:5432/bulwark}, and after it, unless prefer is what is wanted,
         * {@code ?sslmode=} disable, require or verify-full.
         */
        Optional<URI> url();

        @WithDefault("bulwark_dump")
        String user();

        Optional<String> password();
    }

    interface Runs {
        /** How many run at a time, over all replicas. */
        @Min(1)
        @WithDefault("2")
        int atOnce();

        /** A run whose replica has not been heard of for this long is taken for interrupted; it is heard of every 5 s. */
        @DurationMin(seconds = 15)
        @WithDefault("30S")
        Duration lease();

        /** A dump or restore tool that has not ended by then is killed. */
        @WithDefault("4H")
        Duration timeout();

        /** For how long a dump waits for a table that somebody else has locked. */
        @WithDefault("1M")
        Duration lockWait();

        /** After a failed run a source is due again this soon, unless it is due sooner anyway. */
        @WithDefault("30M")
        Duration retryAfter();

        /** How often sources are looked through for those that are due; {@code off} for never. */
        @WithDefault("30s")
        String lookForDue();

        /** Registered sources at most; also bounds the metrics. */
        @Min(1)
        @WithDefault("200")
        int maxSources();
    }
}
