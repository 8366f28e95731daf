package io.bulwark.incident.clock;

import static io.bulwark.incident.Api.as;
import static io.bulwark.incident.Api.incident;
import static io.bulwark.incident.Api.open;
import static io.bulwark.incident.Api.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.bulwark.events.IncidentEvent.IncidentAcknowledged;
import io.bulwark.events.IncidentEvent.SlaBreached;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@SuiteTest
class BreachTest {
    @Test
    void isToldOnceAndNeverErased() {
        try (var events = EventProbe.on(Topic.INCIDENTS)) {
            var id = open("clocks", "P3");
            var breach =
                    events.await(SlaBreached.class, event -> event.incidentId().equals(id));
            assertThat(breach.data().clock()).isEqualTo("acknowledge");

            post("/api/v1/incidents/" + id + "/acknowledge").statusCode(200).body("inTime", is(false));

            var acknowledged = events.await(
                    IncidentAcknowledged.class, event -> event.incidentId().equals(id));
            assertThat(acknowledged.data().inTime()).isFalse();
            assertThat(events.seenAfter(
                            Duration.ofSeconds(2),
                            SlaBreached.class,
                            event -> event.incidentId().equals(id)))
                    .hasSize(1);
            assertThat(incident(id).getString("breachedAt")).isNotNull();
            assertThat(incident(id).getList("timeline.kind")).containsExactly("opened", "sla-breached", "acknowledged");
            assertThat(as("auditor").get("/q/metrics").asString())
                    .contains("incidents_sla_breaches_total{severity=\"P3\"}")
                    .contains("incidents_opened_total{severity=\"P0\"}");
        }
    }
}
