package io.bulwark.incident.rule;

import io.bulwark.events.IncidentEvent.Severity;
import java.time.Duration;

/**
 * More than the threshold within any window of this length is an incident.
 *
 * @param name stable, in kebab case
 * @param severity of the incident it opens
 */
public record Rule(
        String name,
        String title,
        String description,
        Severity severity,
        int threshold,
        Duration window,
        boolean enabled) {

    /** More than 10 failed logins a minute, of one application. */
    public static final String FAILED_LOGINS = "failed-logins";

    /** More than 5 distinct addresses blocked an hour, for one application. */
    public static final String BLOCKED_ADDRESSES = "blocked-addresses";

    /** More than 50 administrators' actions an hour, of one application. */
    public static final String ADMIN_ACTIONS = "admin-actions";

    /** A backup failed, of one source. */
    public static final String BACKUP_FAILED = "backup-failed";

    /** More than 5 % of an application's requests are answered with 5xx, over 5 minutes. The threshold is in percent. */
    public static final String SERVER_ERROR_RATE = "server-error-rate";

    /** An application's mean response time over 5 minutes. The threshold is in milliseconds. */
    public static final String RESPONSE_TIME = "response-time";

    /** A place tried many accounts of one application. */
    public static final String CREDENTIAL_STUFFING = "credential-stuffing";

    /** An account of one application was tried from many places. */
    public static final String PASSWORD_SPRAYING = "password-spraying";

    /** A flood on one application, as a gateway or the detector says. */
    public static final String FLOODS = "floods";

    /** An endpoint's requests left what is usual. */
    public static final String RATE_ANOMALIES = "rate-anomalies";

    /** What an incident it opens is called. */
    public String title(String scope) {
        var what = scope.isEmpty() ? title : title + ": " + scope;
        return threshold == 0 ? what : what + ": more than " + threshold + " within " + window;
    }
}
