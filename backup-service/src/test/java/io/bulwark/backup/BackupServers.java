package io.bulwark.backup;

import io.bulwark.localstack.ObjectStoreAccess;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Tells the service under test where its store, its key and its own database are. */
public final class BackupServers implements QuarkusTestResourceLifecycleManager {
    @Override
    public int order() {
        return 1; // the database's address is known once SuiteServers has started
    }

    @Override
    public Map<String, String> start() {
        var store = TestStore.prepare();
        return Map.ofEntries(
                Map.entry("bulwark.backup.key-file", TestStore.keyFile().toString()),
                Map.entry("bulwark.backup.work-dir", TestStore.workDirectory().toString()),
                Map.entry("bulwark.backup.s3.endpoint", store.endpoint()),
                Map.entry("bulwark.backup.s3.access-key", store.accessKey()),
                Map.entry("bulwark.backup.s3.secret-key", store.secretKey()),
                Map.entry("bulwark.backup.s3.region", ObjectStoreAccess.REGION),
                Map.entry("bulwark.backup.s3.bucket", TestStore.BUCKET),
                Map.entry("bulwark.backup.s3.part-size", Integer.toString(TestStore.PART)),
                Map.entry("bulwark.backup.source.url", TestDatabase.url().substring("jdbc:".length())),
                Map.entry("bulwark.backup.source.password", TestDatabase.dumpPassword()),
                Map.entry("bulwark.backup.runs.look-for-due", "off"));
    }

    @Override
    public void stop() {
        // The store is the tests' to start and to stop.
    }
}
