package io.bulwark.incident.rule;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.IncidentConfig.Limit;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;

/** The alert rules. Every start sets them to what the configuration says. */
@ApplicationScoped
public class Rules {
    private static final String COLUMNS = "name, title, description, severity, threshold, window_seconds, enabled";

    private final EntityManager entities;
    private final IncidentConfig.Rules config;

    Rules(EntityManager entities, IncidentConfig config) {
        this.entities = entities;
        this.config = config.rules();
    }

    /** Before the consumers start: they find no rule missing. */
    @Transactional
    void configure(@Observes @Priority(1) StartupEvent event) {
        save(rule(
                Rule.FAILED_LOGINS,
                "Failed logins",
                "Refused sign-ins of one application, whatever the reason",
                config.failedLogins()));
        save(rule(
                Rule.BLOCKED_ADDRESSES,
                "Addresses blocked",
                "Distinct addresses and networks blocked for one application",
                config.blockedAddresses()));
        save(rule(
                Rule.ADMIN_ACTIONS,
                "Administrators' actions",
                "What administrators did in one application and were allowed to",
                config.adminActions()));
        save(rule(Rule.BACKUP_FAILED, "Backup failed", "Failed backups of one source", config.backupFailed()));
        configureTraffic();
        configureAttacks();
    }

    private void configureTraffic() {
        save(rule(
                Rule.SERVER_ERROR_RATE,
                "5xx rate in percent",
                "Percent of one application's requests that were answered with 5xx, of at least "
                        + config.trafficLeastRequests() + " requests",
                config.serverErrorRate()));
        save(rule(
                Rule.RESPONSE_TIME,
                "Mean response time in milliseconds",
                "Mean response time of one application, of at least " + config.trafficLeastRequests() + " requests",
                config.responseTime()));
    }

    private void configureAttacks() {
        save(rule(
                Rule.CREDENTIAL_STUFFING,
                "Credential stuffing",
                "Places that tried many accounts of one application",
                config.credentialStuffing()));
        save(rule(
                Rule.PASSWORD_SPRAYING,
                "Password spraying",
                "Accounts of one application that were tried from many places",
                config.passwordSpraying()));
        save(rule(Rule.FLOODS, "Flood", "Floods on one application, single or distributed", config.floods()));
        save(rule(
                Rule.RATE_ANOMALIES,
                "Unusual request rate",
                "Endpoints of one application whose requests left what is usual",
                config.rateAnomalies()));
    }

    /** All of them, by name. */
    @Transactional
    public List<Rule> all() {
        return entities.createNativeQuery("select " + COLUMNS + " from alert_rule order by name", Object[].class)
                .getResultStream()
                .map(row -> rule((Object[]) row))
                .toList();
    }

    /** As it is now, in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Rule named(String name) {
        return all().stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no rule " + name));
    }

    private void save(Rule rule) {
        entities.createNativeQuery("insert into alert_rule (" + COLUMNS + """
                        )
                        values (:name, :title, :description, :severity, :threshold, :seconds, :enabled)
                        on conflict (name) do update set title = excluded.title, description = excluded.description,
                            severity = excluded.severity, threshold = excluded.threshold,
                            window_seconds = excluded.window_seconds, enabled = excluded.enabled""")
                .setParameter("name", rule.name())
                .setParameter("title", rule.title())
                .setParameter("description", rule.description())
                .setParameter("severity", rule.severity().name())
                .setParameter("threshold", rule.threshold())
                .setParameter("seconds", rule.window().toSeconds())
                .setParameter("enabled", rule.enabled())
                .executeUpdate();
    }

    private static Rule rule(String name, String title, String description, Limit limit) {
        return new Rule(name, title, description, limit.severity(), limit.threshold(), limit.window(), limit.enabled());
    }

    private static Rule rule(Object[] row) {
        return new Rule(
                (String) row[0],
                (String) row[1],
                (String) row[2],
                Severity.valueOf((String) row[3]),
                ((Number) row[4]).intValue(),
                Duration.ofSeconds(((Number) row[5]).longValue()),
                (Boolean) row[6]);
    }
}
