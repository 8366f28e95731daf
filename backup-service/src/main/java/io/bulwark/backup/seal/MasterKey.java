package io.bulwark.backup.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import io.bulwark.backup.BackupConfig;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collections;
import java.util.Set;
import org.jboss.logging.Logger;

/** The key of the key file. It encrypts nothing itself: each use has a key derived from it. */
public final class MasterKey {
    private static final Logger LOG = Logger.getLogger(MasterKey.class);
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 8;

    private final byte[] id;
    private final Aead dataKeys;
    private final Aead credentials;

    /** @param key 32 random bytes */
    public MasterKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("is not 32 bytes in base64");
        }
        id = derive(key, "id", ID_BYTES);
        dataKeys = aead(key, "data keys");
        credentials = aead(key, "credentials");
    }

    /** @throws IllegalStateException with one line that says what is wrong with the file, never what is in it */
    static MasterKey read(Path file) {
        try {
            if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
                LOG.warnf("Others can read the key file of the backups, and so every backup: chmod 600 %s", file);
            }
            return new MasterKey(
                    Base64.getDecoder().decode(Files.readString(file, US_ASCII).strip()));
        } catch (IOException e) {
            throw new IllegalStateException("The key file of the backups cannot be read: " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("The key file of the backups is not 32 bytes in base64: " + file, e);
        }
    }

    /** Tells keys apart without telling anything of them. */
    byte[] id() {
        return id.clone();
    }

    /** Wraps the key that one backup is encrypted with. */
    Aead dataKeys() {
        return dataKeys;
    }

    /** @param owner whose credential it is; it opens for nobody else */
    public byte[] sealCredential(String credential, String owner) {
        try {
            return credentials.encrypt(credential.getBytes(UTF_8), owner.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not at hand", e);
        }
    }

    /** @throws BrokenSeal where it was sealed with another key or for somebody else */
    public String openCredential(byte[] sealed, String owner) throws BrokenSeal {
        try {
            return new String(credentials.decrypt(sealed, owner.getBytes(UTF_8)), UTF_8);
        } catch (GeneralSecurityException e) {
            throw new BrokenSeal(
                    "the stored credential does not open with this key file; register the source again", e);
        }
    }

    private static Aead aead(byte[] key, String use) {
        try {
            return new AesGcmJce(derive(key, use, KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not at hand", e);
        }
    }

    private static byte[] derive(byte[] key, String use, int size) {
        try {
            return Hkdf.computeHkdf("HmacSha256", key, new byte[0], ("bulwark backup " + use).getBytes(UTF_8), size);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is not at hand", e);
        }
    }

    /** Reads the file once, on start: without it the service does not run. */
    @ApplicationScoped
    static class FromFile {
        @Produces
        @Startup
        @Singleton
        MasterKey masterKey(BackupConfig config) {
            return read(config.keyFile());
        }
    }
}
