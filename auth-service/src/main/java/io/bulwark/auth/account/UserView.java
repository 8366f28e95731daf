package io.bulwark.auth.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user as administrators and auditors see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UserView(
        UUID id,
        String email,
        String name,
        List<String> roles,
        Account.Status status,
        boolean mustChangePassword,
        Instant createdAt,
        @Nullable Instant lastSignInAt,
        @Nullable Instant lockedUntil,
        @Nullable Instant disabledAt,
        @Nullable String disabledBy,
        @Nullable String disabledReason) {

    static UserView of(Account account, Instant now) {
        return new UserView(
                account.id(),
                account.email(),
                account.name(),
                List.copyOf(account.roles()),
                account.status(),
                account.mustChangePassword(),
                account.createdAt(),
                account.lastSignInAt(),
                account.isLocked(now) ? account.lockedUntil() : null,
                account.disabledAt(),
                account.disabledBy(),
                account.disabledReason());
    }
}
