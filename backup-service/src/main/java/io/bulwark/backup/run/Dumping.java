package io.bulwark.backup.run;

import io.bulwark.backup.seal.BackupSeal;
import io.bulwark.backup.store.BackupStore;
import io.bulwark.backup.store.ObjectUpload;
import io.bulwark.backup.store.StoreFailure;
import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.backup.tool.PostgresTools;
import io.bulwark.backup.tool.ToolMissing;
import io.bulwark.backup.tool.ToolRun;
import io.bulwark.backup.tool.WorkDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** pg_dump, compression, encryption and upload as one stream; nothing large is ever in memory or on disk. */
@ApplicationScoped
class Dumping {
    private static final Logger LOG = Logger.getLogger(Dumping.class);

    private final PostgresTools tools;
    private final WorkDirectory work;
    private final BackupSeal seal;
    private final BackupStore store;
    private final InstantSource clock;

    Dumping(PostgresTools tools, WorkDirectory work, BackupSeal seal, BackupStore store, InstantSource clock) {
        this.tools = tools;
        this.work = work;
        this.seal = seal;
        this.store = store;
        this.clock = clock;
    }

    /** Makes the object of a backup, or leaves nothing in the store. */
    Stored dump(Job job, DatabaseLogin login, Consumer<Step> reached) throws RunFailed, InterruptedException {
        try (var directory = work.open()) {
            var upload = store.upload(job.objectKey());
            // Before pg_dump takes its snapshot, so that a backup never claims to be newer than it is.
            var snapshotAt = clock.instant();
            try (var dump = tools.dump(login, directory)) {
                var toolVersion = tools.version();
                var dumpSize = pour(dump, upload, job, reached);
                return new Stored(toolVersion, snapshotAt, upload.size(), dumpSize, upload.sha256());
            }
        } catch (ToolMissing e) {
            throw RunFailed.at(Step.DUMP, e.getMessage());
        } catch (StoreFailure e) {
            throw RunFailed.at(Step.STORE, e.getMessage());
        } catch (IOException e) {
            throw RunFailed.at(Step.DUMP, "the dump could not be read or its files not be written: " + e.getMessage());
        }
    }

    private long pour(ToolRun dump, ObjectUpload upload, Job job, Consumer<Step> reached)
            throws IOException, RunFailed, InterruptedException {
        var sealed = seal.sealing(upload, job.id().toString(), job.objectKey());
        try {
            var dumpSize = dump.output().transferTo(sealed);
            // The end of the output says nothing: a killed pg_dump ends it too.
            var failure = dump.failure();
            if (failure != null) {
                throw RunFailed.at(Step.DUMP, failure);
            }
            reached.accept(Step.STORE);
            sealed.close();
            upload.complete();
            return dumpSize;
        } finally {
            // Nothing after a completion; otherwise what closing still writes must not reach the store.
            upload.abort();
            closeQuietly(sealed);
        }
    }

    private static void closeQuietly(Closeable sealed) {
        try {
            sealed.close();
        } catch (IOException e) {
            LOG.debugf("The stream of a failed run did not close: %s", e.getMessage());
        }
    }
}
