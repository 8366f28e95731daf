package io.bulwark.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Everything that can be set about auth-service, one group per feature. */
@ConfigMapping(prefix = "bulwark.auth")
public interface AuthConfig {
    /** The file with 32 random bytes in base64 that seals the signing keys; without it the service does not start. */
    Optional<Path> keyFile();

    Bootstrap bootstrap();

    Lockout lockout();

    Password password();

    Hashing hashing();

    Session session();

    Token token();

    /** What is made at the first start. */
    interface Bootstrap {
        @NotBlank
        @WithDefault("admin@bulwark.local")
        String email();

        /** Where the first admin's one-time password is left, readable by the owner only; unset: in the log, once. */
        Optional<Path> adminFile();

        /** JSON list of machine clients made or updated at every start. */
        Optional<Path> clientsFile();
    }

    /** When an account stops taking passwords. */
    interface Lockout {
        @Min(1)
        @Max(100)
        @WithDefault("10")
        int failures();

        @WithDefault("PT15M")
        Duration window();

        @WithDefault("PT15M")
        Duration duration();
    }

    /** What a password must be, in code points after NFKC. */
    interface Password {
        @Min(8)
        @WithDefault("15")
        int minLength();

        @Max(1024)
        @WithDefault("256")
        int maxLength();

        /** How long a temporary password is good for. */
        @WithDefault("PT24H")
        Duration temporaryLife();
    }

    /** The cost of an Argon2id hash and how many run at once. */
    interface Hashing {
        @Min(7168)
        @WithDefault("19456")
        int memoryKib();

        @Min(1)
        @WithDefault("2")
        int iterations();

        /** How long a sign-in waits for its turn before it is answered with 503. */
        @WithDefault("PT1S")
        Duration maxWait();

        /** How many wait at most. */
        @WithDefault("64")
        int queue();
    }

    /** How long a session lives. */
    interface Session {
        @WithDefault("PT30M")
        Duration idle();

        @WithDefault("PT12H")
        Duration absolute();

        /** How long ended sessions stay listed for the record. */
        @WithDefault("P30D")
        Duration kept();
    }

    /** Access tokens. */
    interface Token {
        @NotBlank
        String issuer();

        @NotBlank
        @WithDefault("bulwark")
        String audience();

        @WithDefault("PT5M")
        Duration life();
    }
}
