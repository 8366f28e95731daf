package io.bulwark.audit.entry;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.idempotency.Idempotent;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The record of everything, to be searched; and an application's own audit log, coming in. */
@Path("/api/v1/entries")
class EntryResource {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final Entries entries;
    private final Outbox outbox;
    private final Caller caller;
    private final InstantSource clock;

    EntryResource(Entries entries, Outbox outbox, Caller caller, InstantSource clock) {
        this.entries = entries;
        this.outbox = outbox;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * What somebody did in the application that the caller's token is registered for.
     *
     * @param roles the actor's as of then
     * @param occurredAt now where absent
     */
    record RecordAction(
            @NotBlank @Size(max = 256) @Pattern(regexp = PRINTABLE)
            String actorId,

            @Nullable @Size(max = 256) @Pattern(regexp = PRINTABLE)
            String actorName,

            @Nullable @Size(max = 32) List<@NotBlank @Size(max = 64) @Pattern(regexp = PRINTABLE) String> roles,

            @NotBlank @Size(max = 128) @Pattern(regexp = PRINTABLE)
            String action,

            @Nullable @Size(max = 256) @Pattern(regexp = PRINTABLE)
            String target,

            @NotNull Outcome outcome,
            @Nullable @Size(max = 64) String address,

            @Nullable @Size(max = 50)
            Map<
                            @NotBlank @Size(max = 64) @Pattern(regexp = PRINTABLE) String,
                            @NotNull @Size(max = 1_024) @Pattern(regexp = TEXT) String>
                    details,

            @Nullable Instant occurredAt) {
        private static final String PRINTABLE = "[^\\p{Cc}\\p{Cs}]*";

        /** Of several lines, but without the NUL, for which consumers would set the entry aside. */
        private static final String TEXT = "[^\\x00\\p{Cs}]*";

        ActionRecorded event() {
            return new ActionRecorded(
                    actorId,
                    actorName,
                    Objects.requireNonNullElse(roles, List.of()),
                    action,
                    target,
                    outcome,
                    address == null ? null : canonical(address),
                    Objects.requireNonNullElse(details, Map.of()),
                    1);
        }

        private static String canonical(String address) {
            return RequestField.parse("address", address, Network::parse).toString();
        }
    }

    @GET
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN, Roles.OPERATOR, Roles.RESPONDER})
    public Page<EntryView> find(
            @Valid @BeanParam EntryFilter filter,
            @RestQuery @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RestQuery @Size(max = 64) @Nullable String cursor)
            throws SQLException {
        var found = entries.find(filter, Cursor.read(cursor, Long::valueOf), limit + 1);
        return Page.of(found, limit, entry -> Long.toString(entry.index()), EntryView::listed);
    }

    @GET
    @Path("/{index}")
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN, Roles.OPERATOR, Roles.RESPONDER})
    public EntryView at(@RestPath @PositiveOrZero long index) throws SQLException {
        return entries.at(index).map(EntryView::whole).orElseThrow(() -> Problem.notFound("entry"));
    }

    /** Puts it on {@code audit-trail}, from where it comes into the log like everything. */
    @POST
    @RolesAllowed(Roles.SERVICE)
    @NotAudited("It is an audit entry itself")
    @Idempotent
    @Transactional
    @ResponseStatus(202)
    @APIResponse(responseCode = "202", description = "It will be in the log shortly")
    public void record(@Valid @NotNull RecordAction action) {
        var now = clock.instant();
        var occurredAt = Objects.requireNonNullElse(action.occurredAt(), now);
        if (occurredAt.isAfter(now.plus(CLOCK_SKEW))) {
            throw Problem.invalid("occurredAt", "lies ahead of the clock");
        }
        if (occurredAt.isBefore(Instant.EPOCH)) {
            throw Problem.invalid("occurredAt", "lies before 1970");
        }
        outbox.publish(action.event(), caller.application(), occurredAt);
    }
}
