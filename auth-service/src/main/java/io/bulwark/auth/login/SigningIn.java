package io.bulwark.auth.login;

import io.bulwark.auth.account.Account;
import io.bulwark.auth.account.PasswordCheck;
import io.bulwark.auth.account.PasswordCheck.Passed;
import io.bulwark.auth.login.LoginResource.SignedIn;
import io.bulwark.auth.session.Sessions;
import io.bulwark.auth.token.TokenIssuer;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What follows a right password, in one transaction: the account, its session, its tokens and the event. */
@ApplicationScoped
class SigningIn {
    private final PasswordCheck check;
    private final Sessions sessions;
    private final TokenIssuer issuer;
    private final Outbox outbox;

    SigningIn(PasswordCheck check, Sessions sessions, TokenIssuer issuer, Outbox outbox) {
        this.check = check;
        this.sessions = sessions;
        this.issuer = issuer;
        this.outbox = outbox;
    }

    /** @return empty, and committed, where the account no longer takes this password */
    @Transactional(TxType.REQUIRES_NEW)
    Optional<SignedIn> signIn(Passed passed, @Nullable String clientId, String application, String address) {
        return check.signIn(passed, address, application)
                .map(account -> account.mustChangePassword()
                        ? restricted(account, application, address)
                        : open(account, clientId, application, address));
    }

    private SignedIn restricted(Account account, String application, String address) {
        var token = issuer.forPasswordChange(account);
        tell(account, null, application, address);
        return new SignedIn(token.value(), null, token.expiresIn(), true);
    }

    private SignedIn open(Account account, @Nullable String clientId, String application, String address) {
        var opened = sessions.open(account.id(), clientId, application, address);
        var token = issuer.forUser(account, opened.session());
        tell(account, opened.session().id().toString(), application, address);
        return new SignedIn(token.value(), opened.refreshToken(), token.expiresIn(), false);
    }

    private void tell(Account account, @Nullable String sessionId, String application, String address) {
        outbox.publish(new LoginSucceeded(address, account.id().toString(), account.email(), sessionId), application);
    }
}
