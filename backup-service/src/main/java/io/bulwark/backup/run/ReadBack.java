package io.bulwark.backup.run;

import io.bulwark.backup.seal.BackupSeal;
import io.bulwark.backup.store.BackupStore;
import io.bulwark.backup.store.StoreFailure;
import io.bulwark.backup.store.StoredObject;
import io.bulwark.backup.tool.PostgresTools;
import io.bulwark.backup.tool.ToolMissing;
import io.bulwark.backup.tool.ToolRun;
import io.bulwark.backup.tool.WorkDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a stored backup restores: its bytes are those that were written, they open with the key file, and pg_restore
 * reads all of them to the last row.
 */
@ApplicationScoped
class ReadBack {
    private final BackupStore store;
    private final BackupSeal seal;
    private final PostgresTools tools;
    private final WorkDirectory work;

    ReadBack(BackupStore store, BackupSeal seal, PostgresTools tools, WorkDirectory work) {
        this.store = store;
        this.seal = seal;
        this.tools = tools;
        this.work = work;
    }

    Proof read(Job job, Stored written) throws RunFailed, InterruptedException {
        var met = new Met();
        try (var directory = work.open();
                var restore = tools.readThrough(directory, met::line);
                var object = store.open(job.objectKey())) {
            var broken = restore(object, restore, job);
            // Whatever else is wrong: what was stored is not what is there now, and that is the clearest thing to say.
            object.readToEnd();
            compare(object, written);
            if (broken != null) {
                throw RunFailed.at(Step.VERIFY, "the stored object does not open: " + broken);
            }
            return met.proof(restore);
        } catch (ToolMissing e) {
            throw RunFailed.unread(e.getMessage());
        } catch (StoreFailure e) {
            throw e.isGone() ? RunFailed.at(Step.VERIFY, e.getMessage()) : RunFailed.unread(e.getMessage());
        } catch (IOException e) {
            throw RunFailed.unread("the stored object could not be read back: " + e.getMessage());
        }
    }

    /** @return why the object does not open; null where it does, whatever pg_restore then says */
    private @Nullable String restore(StoredObject object, ToolRun restore, Job job) throws StoreFailure {
        try (var dump = seal.opening(object, job.id().toString(), job.objectKey())) {
            feed(dump, restore.input());
            return null;
        } catch (StoreFailure e) {
            throw e;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    /** A pg_restore that has ended tells why by itself; the rest is read nevertheless, for the seal is whole only then. */
    private static void feed(InputStream dump, OutputStream restore) throws IOException {
        var buffer = new byte[1 << 16];
        var listening = true;
        for (var read = dump.read(buffer); read >= 0; read = dump.read(buffer)) {
            listening = listening && write(restore, buffer, read);
        }
        close(restore);
    }

    private static boolean write(OutputStream restore, byte[] buffer, int length) {
        try {
            restore.write(buffer, 0, length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void close(OutputStream restore) {
        try {
            restore.close();
        } catch (IOException e) {
            // It has ended before its input did; its exit code says why.
            return;
        }
    }

    private static void compare(StoredObject object, Stored written) throws RunFailed {
        if (object.size() != written.size()) {
            throw RunFailed.at(
                    Step.VERIFY,
                    "the stored object has " + object.size() + " bytes, " + written.size() + " were written");
        }
        var sha256 = object.sha256();
        if (!sha256.equals(written.sha256())) {
            throw RunFailed.at(
                    Step.VERIFY,
                    "the stored object is not what was written: its SHA-256 is " + sha256 + ", not "
                            + written.sha256());
        }
    }

    /** What pg_restore tells of on its way. */
    private static final class Met {
        private final AtomicInteger objects = new AtomicInteger();
        private final AtomicInteger tables = new AtomicInteger();

        void line(String line) {
            if (line.startsWith("pg_restore: creating ")) {
                objects.incrementAndGet();
            } else if (line.startsWith("pg_restore: processing data for table ")) {
                tables.incrementAndGet();
            }
        }

        Proof proof(ToolRun restore) throws RunFailed, InterruptedException {
            var failure = restore.failure();
            if (failure != null) {
                throw restore.wasKilled()
                        ? RunFailed.unread(failure)
                        : RunFailed.at(Step.VERIFY, "pg_restore cannot read the dump: " + failure);
            }
            if (objects.get() == 0) {
                throw RunFailed.at(Step.VERIFY, "the dump holds nothing: no table, nothing else");
            }
            return new Proof(objects.get(), tables.get());
        }
    }
}
