package io.bulwark.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.audit.Recorded;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Envelope;
import io.bulwark.events.IncidentEvent.IncidentAcknowledged;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SuiteEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProjectionTest {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00Z");

    @Test
    void actionNamesItsActorAsOfThen() {
        var columns = columns(Recorded.action("u-1", "Ada@Example.com", "admin", "block.create"));
        assertThat(columns.actorId()).isEqualTo("u-1");
        assertThat(columns.actorName()).isEqualTo("Ada@Example.com");
        assertThat(columns.roles()).containsExactly("admin");
        assertThat(columns.action()).isEqualTo("block.create");
        assertThat(columns.target()).isEqualTo("203.0.113.7");
        assertThat(columns.outcome()).isEqualTo("ALLOWED");
        assertThat(columns.address()).isEqualTo("198.51.100.4");
        assertThat(columns.occurrences()).isEqualTo(1);
    }

    @Test
    void failedLoginIsFoundByAccountAndByAddress() {
        var columns =
                columns(new LoginFailed("203.0.113.9", "ada@example.com", null, LoginFailed.Reason.WRONG_PASSWORD));
        assertThat(columns.actorId()).isNull();
        assertThat(columns.actorName()).isEqualTo("ada@example.com");
        assertThat(columns.target()).isEqualTo("203.0.113.9");
        assertThat(columns.address()).isEqualTo("203.0.113.9");
    }

    @Test
    void whoUnlockedIsTheActorAndWhomIsTheTarget() {
        var columns = columns(new AccountUnlocked("u-2", "bob@example.com", "u-1"));
        assertThat(columns.actorId()).isEqualTo("u-1");
        assertThat(columns.actorName()).isNull();
        assertThat(columns.target()).isEqualTo("u-2");
    }

    @Test
    void responderWhoAcknowledgedIsTheActor() {
        var columns = columns(new IncidentAcknowledged("inc-1", "u-3", TIME, true));
        assertThat(columns.actorId()).isEqualTo("u-3");
        assertThat(columns.target()).isEqualTo("inc-1");
    }

    @Test
    void dataThatIsNoJsonHasNothingToProject() {
        var columns = columns(new byte[] {(byte) 0xC3, 0x28});
        assertThat(columns.data()).isNull();
        assertThat(columns.actorId()).isNull();
        assertThat(columns.target()).isEqualTo("subject");
    }

    @Test
    void hostileTextsBecomeStorable() {
        var columns = columns("""
                {"actorId": "a\\u0000b\\ud800c", "target": "%s", "address": "1.2.3", "roles": [1, "admin"], "count": -5}""".formatted("x".repeat(5_000)).getBytes(UTF_8));
        assertThat(columns.actorId()).isEqualTo("a\uFFFDb\uFFFDc");
        assertThat(columns.target()).hasSize(256);
        assertThat(columns.address()).isNull();
        assertThat(columns.roles()).containsExactly("admin");
        assertThat(columns.occurrences()).isEqualTo(1);
    }

    @Test
    void differencesAreNamedByColumn() {
        var columns = columns(Recorded.action("u-1", "ada@example.com", "admin", "block.create"));
        var other = columns(Recorded.action("u-2", "ada@example.com", "user", "block.create"));
        assertThat(columns.differences(other)).containsExactly("actor_id", "roles", "data");
    }

    private static Projection columns(SuiteEvent event) {
        return columns(CloudEventBinding.data(event), event.subject());
    }

    private static Projection columns(byte[] data) {
        return columns(data, "subject");
    }

    private static Projection columns(byte[] data, String subject) {
        var envelope = new Envelope("id", "/source", "type", subject, TIME, "shop", null);
        return Projection.of(Leaf.of(TIME, "audit-trail", "key", envelope, data), data);
    }
}
