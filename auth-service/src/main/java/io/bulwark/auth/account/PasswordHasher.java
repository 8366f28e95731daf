package io.bulwark.auth.account;

import io.bulwark.auth.AuthConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and compares passwords, as many at once as there are cores and memory for: each costs some 30 ms of a core, so
 * that a flood of sign-ins would otherwise starve whatever else the service does.
 */
@ApplicationScoped
class PasswordHasher {
    /** Of the heap, what the memory of hashing may take. */
    private static final int HEAP_SHARE = 3;

    private static final int SALT_BYTES = 16;
    private static final int TEMPORARY_LENGTH = 24;
    private static final String TEMPORARY_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private final SecureRandom random = new SecureRandom();
    private final AuthConfig.Hashing config;
    private final Duration temporaryLife;
    private final InstantSource clock;
    private final Semaphore turns;
    private final BlockPool pool;
    private final Argon2Hash dummy;

    PasswordHasher(AuthConfig config, InstantSource clock) {
        this.config = config.hashing();
        this.temporaryLife = config.password().temporaryLife();
        this.clock = clock;
        var parallel = parallel(config.hashing().memoryKib());
        this.turns = new Semaphore(parallel, true);
        this.pool = new FixedBlockPool(
                parallel * Argon2BytesGenerator.getBlockCount(config.hashing().memoryKib(), 1));
        this.dummy = hashNow(randomText(TEMPORARY_LENGTH));
    }

    /** @throws HashingQueueFull where its turn does not come in time */
    <T> T inTurn(Supplier<T> work) {
        if (!acquire(Duration.ZERO) && (turns.getQueueLength() >= config.queue() || !acquire(config.maxWait()))) {
            throw new HashingQueueFull();
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    /** Compares, in one's turn; costs the same where there is nothing to compare with. */
    boolean matches(String password, @Nullable String phc) {
        var stored = phc == null ? dummy : Argon2Hash.parse(phc);
        return stored.matches(PasswordPolicy.normalise(password), pool) && phc != null;
    }

    String hash(String password) {
        return inTurn(() -> hashNow(PasswordPolicy.normalise(password)).phc());
    }

    /** In one's turn: the password under today's parameters; null where the stored hash has them. */
    @Nullable
    String renewed(String password, String phc) {
        return Argon2Hash.parse(phc).isWeakerThan(config.memoryKib(), config.iterations())
                ? hashNow(PasswordPolicy.normalise(password)).phc()
                : null;
    }

    TemporaryPassword temporary() {
        var plain = randomText(TEMPORARY_LENGTH);
        return new TemporaryPassword(plain, hash(plain), clock.instant().plus(temporaryLife));
    }

    /** For the first administrator, who may come a week after the installation. */
    TemporaryPassword lasting() {
        var plain = randomText(TEMPORARY_LENGTH);
        return new TemporaryPassword(plain, hash(plain), null);
    }

    private Argon2Hash hashNow(String normalised) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return Argon2Hash.of(normalised, salt, config.memoryKib(), config.iterations(), pool);
    }

    private boolean acquire(Duration wait) {
        try {
            return turns.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String randomText(int length) {
        return random.ints(length, 0, TEMPORARY_ALPHABET.length())
                .map(TEMPORARY_ALPHABET::charAt)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int parallel(int memoryKib) {
        var runtime = Runtime.getRuntime();
        var affordable = runtime.maxMemory() / HEAP_SHARE / (memoryKib * 1024L);
        return (int) Math.max(1, Math.min(runtime.availableProcessors(), affordable));
    }
}
