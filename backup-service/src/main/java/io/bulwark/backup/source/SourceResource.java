package io.bulwark.backup.source;

import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.backup.tool.DatabaseLogin.SslMode;
import io.bulwark.events.Envelope;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Registers the databases that are backed up. */
@Path("/api/v1/sources")
class SourceResource {
    static final Duration EVERY = Duration.ofHours(6);
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int POSTGRES_PORT = 5432;

    private final Sources sources;
    private final Caller caller;
    private final AuditTrail trail;

    SourceResource(Sources sources, Caller caller, AuditTrail trail) {
        this.sources = sources;
        this.caller = caller;
        this.trail = trail;
    }

    /**
     * @param host a name or an address; no path and no list, which libpq would also take
     * @param every an ISO 8601 duration; PT6H unless said
     */
    record RegisterSource(
            @NotNull @Pattern(regexp = Source.NAME, message = Source.NAME_MESSAGE)
            String name,

            @Nullable @Pattern(regexp = Source.NAME, message = Source.NAME_MESSAGE)
            String application,

            @NotNull @Pattern(regexp = "[A-Za-z0-9._:-]{1,253}", message = "must be a host name or an address")
            String host,

            @Nullable @Min(1) @Max(65535) Integer port,

            @NotNull @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]{1,63}", message = "must be 1 to 63 characters")
            String database,

            @NotNull @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]{1,63}", message = "must be 1 to 63 characters")
            String user,

            @NotNull @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]{1,1000}", message = "must be 1 to 1000 characters")
            String password,

            @Nullable
            @Pattern(
                    regexp = "disable|prefer|require|verify-full",
                    message = "must be disable, prefer, require or verify-full")
            String sslMode,

            @Nullable Duration every) {

        DatabaseLogin login() {
            var ssl = sslMode == null ? SslMode.PREFER : SslMode.of(sslMode);
            return new DatabaseLogin(
                    host, Objects.requireNonNullElse(port, POSTGRES_PORT), database, user, password, ssl);
        }

        @Override
        public String toString() {
            return name + " at " + host;
        }
    }

    /** What is known of a source; never its password. */
    record SourceView(
            String name,
            String application,
            String host,
            int port,
            String database,
            String user,
            String sslMode,
            Duration every,
            Instant createdAt,
            String createdBy) {
        static SourceView of(Source source) {
            return new SourceView(
                    source.name(),
                    source.application(),
                    source.host(),
                    source.port(),
                    source.databaseName(),
                    source.username(),
                    source.sslMode().libpq(),
                    source.every(),
                    source.createdAt(),
                    source.createdBy());
        }
    }

    @POST
    @Transactional
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Audited("source.register")
    public Response register(@NotNull @Valid RegisterSource wanted) {
        SuiteSource.refuse(wanted.name());
        var every = Objects.requireNonNullElse(wanted.every(), EVERY);
        if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
            throw Problem.invalid("every", "must be from PT5M to P366D");
        }
        var application = Objects.requireNonNullElse(wanted.application(), Envelope.DEFAULT_APPLICATION);
        var source = sources.register(wanted.name(), application, wanted.login(), every, caller.id());
        trail.target(source.name())
                .application(application)
                .detail("database", wanted.login().toString());
        return Response.created(URI.create("/api/v1/sources/" + source.name()))
                .entity(SourceView.of(source))
                .build();
    }

    @GET
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.OPERATOR, Roles.ADMIN})
    public Page<SourceView> list(
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Size(max = 200) @Nullable String cursor) {
        var after = Cursor.read(cursor, SourceResource::position);
        return Page.of(sources.page(after, limit + 1), limit, Source::name, SourceView::of);
    }

    @GET
    @Path("/{name}")
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.OPERATOR, Roles.ADMIN})
    public SourceView one(@PathParam("name") String name) {
        return SourceView.of(registered(name));
    }

    /** Its backups stay. */
    @DELETE
    @Path("/{name}")
    @Transactional
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Audited("source.delete")
    public void delete(@PathParam("name") String name) {
        var source = registered(name);
        SuiteSource.refuse(name);
        sources.delete(source);
        trail.target(name).application(source.application());
    }

    private Source registered(String name) {
        if (!name.matches(Source.NAME)) {
            throw Problem.notFound("source");
        }
        return sources.named(name).orElseThrow(() -> Problem.notFound("source"));
    }

    private static String position(String cursor) {
        if (!cursor.matches(Source.NAME)) {
            throw new IllegalArgumentException();
        }
        return cursor;
    }
}
