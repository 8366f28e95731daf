package io.bulwark.auth.session;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Forgets sessions that ended long ago, refresh tokens with them. */
@ApplicationScoped
class SessionPruning {
    private final Sessions sessions;

    SessionPruning(Sessions sessions) {
        this.sessions = sessions;
    }

    @Scheduled(every = "1h", skipExecutionIf = ApplicationNotRunning.class)
    @Transactional
    void prune() {
        sessions.prune();
    }
}
