package io.bulwark.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.backup.BackupServers;
import io.bulwark.backup.TestStore;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.common.WithTestResource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@WithTestResource(BackupServers.class)
class ObjectUploadTest {
    private static final int PART = TestStore.PART;
    private static final byte[] CONTENT = noise(3 * PART);

    private final BackupStore store;

    ObjectUploadTest(BackupStore store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        TestStore.running();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 77})
    void whatIsUploadedIsThereOnceItIsComplete(int size) throws IOException {
        var key = "upload/" + size;
        var content = Arrays.copyOf(CONTENT, size);
        var upload = store.upload(key);

        write(upload, content);
        assertThat(TestStore.file(key)).doesNotExist();
        upload.complete();

        try (var object = store.open(key)) {
            assertThat(object.readAllBytes()).isEqualTo(content);
            assertThat(object.size()).isEqualTo(upload.size()).isEqualTo(size);
            assertThat(object.sha256()).isEqualTo(upload.sha256());
        }
    }

    @Test
    void doesNotFailOnConnectionsThatARestartOfTheStoreHasClosed() throws Exception {
        useConnections(5);
        TestStore.running().kill();
        TestStore.running();
        var upload = store.upload("after a restart");
        write(upload, new byte[] {1});

        upload.complete();

        assertThat(TestStore.file("after a restart")).exists();
    }

    @Test
    void anAbortedUploadLeavesNothing() throws IOException {
        var before = files();
        var upload = store.upload("aborted");
        write(upload, CONTENT);

        upload.abort();
        write(upload, CONTENT);

        assertThat(files()).isEqualTo(before);
        assertThatThrownBy(() -> store.open("aborted"))
                .isInstanceOfSatisfying(
                        StoreFailure.class,
                        failure -> assertThat(failure.isGone()).isTrue());
    }

    @Test
    void anObjectWhoseMakingGotNoAnswerIsRemovedThoughItsUploadIsGone() throws IOException {
        var before = files();
        var unanswered = store.upload("unanswered");
        write(unanswered, CONTENT);
        TestStore.running().kill();
        assertThatThrownBy(unanswered::complete).isInstanceOf(StoreFailure.class);
        TestStore.running();
        store.discard("unanswered");
        Files.write(TestStore.file("unanswered"), CONTENT);

        unanswered.abort();

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void whatAKilledRunLeftIsDiscarded() throws IOException {
        var before = files();
        write(store.upload("killed"), CONTENT);
        assertThat(files()).isGreaterThan(before);

        store.discard("killed");

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anObjectIsWrittenOnce() throws IOException {
        var first = store.upload("once");
        write(first, new byte[] {1});
        first.complete();
        var second = store.upload("once");
        write(second, new byte[] {2});

        assertThatThrownBy(second::complete).hasMessageContaining("412");
        second.abort();

        try (var object = store.open("once")) {
            assertThat(object.readAllBytes()).containsExactly(1);
        }
    }

    /** So many at once, which stay open for whoever asks next. */
    private void useConnections(int count) throws Exception {
        var together = new CyclicBarrier(count);
        try (var users = Executors.newFixedThreadPool(count)) {
            for (var asked : users.invokeAll(Collections.nCopies(count, () -> {
                together.await();
                store.discard("nothing");
                return count;
            }))) {
                asked.get();
            }
        }
    }

    private static void write(ObjectUpload upload, byte[] content) throws IOException {
        for (var from = 0; from < content.length; from += 100_000) {
            upload.write(content, from, Math.min(100_000, content.length - from));
        }
    }

    /** How many files the store holds, parts included. */
    private static long files() throws IOException {
        try (var files = Files.walk(TestStore.running().access().folder())) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    private static byte[] noise(int size) {
        var noise = new byte[size];
        new Random(7).nextBytes(noise);
        return noise;
    }
}
