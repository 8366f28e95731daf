package io.bulwark.ratelimit.observation;

import static io.bulwark.kit.access.Roles.GATEWAY;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.hash.Sha256;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.gateway.GatewayKeyMechanism;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What gateways and applications observe. Whoever reports does so about the application it is registered for. */
@Path("/api/v1/observations")
@Tag(name = "Observations")
class ObservationResource {
    static final String EVENT = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";
    static final String LINES = "application/x-ndjson";

    private static final String EVENTS_ARE_THE_RECORD = "the events that it publishes are its record";
    private static final String LOG_SOURCE = "access-log";

    private final Observations observations;
    private final ReportQuota quota;
    private final Endpoints endpoints;
    private final ObservationConfig config;
    private final Caller caller;
    private final SecurityIdentity identity;
    private final InstantSource clock;

    ObservationResource(
            Observations observations,
            ReportQuota quota,
            Endpoints endpoints,
            ObservationConfig config,
            Caller caller,
            SecurityIdentity identity,
            InstantSource clock) {
        this.observations = observations;
        this.quota = quota;
        this.endpoints = endpoints;
        this.config = config;
        this.caller = caller;
        this.identity = identity;
        this.clock = clock;
    }

    /**
     * What was taken.
     *
     * @param received events in the body
     * @param accepted of them; the rest repeated the source and id of another
     */
    record EventsTaken(int received, int accepted) {}

    /**
     * What was taken of a log.
     *
     * @param rejected lines that say nothing usable; the first of them are in {@code errors}
     * @param events published for the others
     */
    record LogTaken(int lines, int rejected, int events, List<AccessLog.BadLine> errors) {}

    /** A batch of CloudEvents, or one. All or nothing. */
    @POST
    @Blocking
    @Transactional
    @NotAudited(EVENTS_ARE_THE_RECORD)
    @RolesAllowed(GATEWAY)
    @Consumes({BATCH, EVENT})
    @APIResponse(
            responseCode = "202",
            description = "All of them are taken; also where they were reported before",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = EventsTaken.class)))
    @APIResponse(responseCode = "422", description = "None is taken: errors[] names the wrong ones by index")
    @APIResponse(responseCode = "429", description = "The reporter sends too much; Retry-After says when it may again")
    @ResponseStatus(202)
    public EventsTaken report(@HeaderParam("Content-Type") @Nullable MediaType type, InputStream body)
            throws IOException {
        if (type == null) { // which @Consumes lets pass
            throw new NotSupportedException();
        }
        var reporter = reporter();
        quota.admit(reporter);
        var batch = new CloudEventBatch(reporter.application(), check(), clock.instant(), config.maxBatch());
        List<Observed> events;
        try {
            events = batch.read(body, isBatch(type));
        } finally {
            quota.charge(reporter, Math.max(1, batch.size()));
        }
        return new EventsTaken(events.size(), observations.publish(reporter, events));
    }

    /**
     * An access log in JSON, a line per request.
     *
     * @param format nginx, envoy, traefik or caddy; absent where each line tells by its fields
     */
    @POST
    @Path("/access-log")
    @Blocking
    @Transactional
    @NotAudited(EVENTS_ARE_THE_RECORD)
    @RolesAllowed(GATEWAY)
    @Consumes(LINES)
    @APIResponse(
            responseCode = "202",
            description = "The good lines are taken",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = LogTaken.class)))
    @APIResponse(responseCode = "422", description = "Not one line is good")
    @APIResponse(responseCode = "429", description = "The reporter sends too much; Retry-After says when it may again")
    @ResponseStatus(202)
    public LogTaken readLog(@QueryParam("format") @Nullable String format, InputStream body) throws IOException {
        var dialect = dialect(format);
        var reporter = reporter();
        quota.admit(reporter);
        var digest = new LogDigest(line -> endpoints.of(reporter.application(), line));
        var log = new AccessLog(check(), dialect, digest);
        var bytes = new DigestInputStream(body, Sha256.digest());
        try {
            log.read(bytes, config.maxLines());
        } finally {
            quota.charge(reporter, log.lines());
        }
        if (log.lines() > 0 && log.lines() == log.rejected()) {
            throw new Problem(422, "invalid-observations", "Not one line can be used").with("errors", log.errors());
        }
        var events = digest.events(
                LOG_SOURCE, HexFormat.of().formatHex(bytes.getMessageDigest().digest()));
        observations.publish(reporter, events);
        return new LogTaken(log.lines(), log.rejected(), events.size(), log.errors());
    }

    private Reporter reporter() {
        var gateway = GatewayKeyMechanism.profileOf(identity);
        return gateway == null
                ? Reporter.client(caller.id(), caller.application())
                : Reporter.gateway(identity.getPrincipal().getName(), gateway.application());
    }

    private EventCheck check() {
        var now = clock.instant();
        return new EventCheck(now.minus(config.maxAge()), now.plus(config.ahead()));
    }

    private static boolean isBatch(MediaType type) {
        return type.getSubtype().equalsIgnoreCase(BATCH.substring(BATCH.indexOf('/') + 1));
    }

    private static @Nullable LogDialect dialect(@Nullable String format) {
        if (format == null) {
            return null;
        }
        for (var dialect : LogDialect.values()) {
            if (dialect.name().toLowerCase(Locale.ROOT).equals(format)) {
                return dialect;
            }
        }
        throw Problem.invalid("format", "must be nginx, envoy, traefik or caddy");
    }
}
