package io.bulwark.incident.rule;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.page.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The alert rules over HTTP. */
@Path("/api/v1/alert-rules")
@Tag(name = "Alert rules")
class RuleResource {
    private final Rules rules;

    RuleResource(Rules rules) {
        this.rules = rules;
    }

    @GET
    @RolesAllowed({Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN})
    public Page<RuleView> list() {
        return new Page<>(rules.all().stream().map(RuleView::of).toList(), null);
    }

    /** @param threshold more than this within the window opens an incident */
    record RuleView(
            String name,
            String title,
            String description,
            Severity severity,
            int threshold,
            Duration window,
            boolean enabled) {
        static RuleView of(Rule rule) {
            return new RuleView(
                    rule.name(),
                    rule.title(),
                    rule.description(),
                    rule.severity(),
                    rule.threshold(),
                    rule.window(),
                    rule.enabled());
        }
    }
}
