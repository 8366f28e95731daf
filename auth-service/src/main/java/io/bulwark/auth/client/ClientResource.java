package io.bulwark.auth.client;

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
import jakarta.validation.constraints.NotEmpty;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The register of machine clients. */
@Path("/api/v1/clients")
class ClientResource {
    private final Clients clients;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    ClientResource(Clients clients, Caller caller, AuditTrail trail, InstantSource clock) {
        this.clients = clients;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /** @param application the protected application it acts for */
    record NewClient(
            @NotNull @Pattern(regexp = ClientRules.ID, message = "must be 2 to 63 of a-z, 0-9 and -, and no UUID")
            String clientId,

            @NotEmpty @Size(max = 7) List<@NotNull String> roles,

            @NotNull @Pattern(regexp = ClientRules.APPLICATION, message = "must be 1 to 63 of a-z, 0-9 and -")
            String application) {}

    record ClientView(String clientId, List<String> roles, String application, Instant createdAt, String createdBy) {
        static ClientView of(Client client) {
            return new ClientView(
                    client.id(), client.roles(), client.application(), client.createdAt(), client.createdBy());
        }
    }

    /** @param secret shown this once */
    record AddedClient(ClientView client, String secret) {
        @Override
        public String toString() {
            return "AddedClient[" + client.clientId() + "]";
        }
    }

    @GET
    @RolesAllowed({Roles.ADMIN, Roles.AUDITOR})
    @Transactional
    public Page<ClientView> list(
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var after = Cursor.read(cursor, ClientResource::position);
        var found = clients.list(after == null ? "" : after, limit + 1);
        return Page.of(found, limit, Client::id, ClientView::of);
    }

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("client.create")
    @APIResponse(
            responseCode = "201",
            description = "New",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = AddedClient.class)))
    public Response add(@NotNull @Valid NewClient wanted) {
        if (!ClientRules.ASSIGNABLE.containsAll(wanted.roles())) {
            throw Problem.invalid(
                    "roles",
                    "must be of " + ClientRules.ASSIGNABLE.stream().sorted().toList());
        }
        var secret = ClientSecret.generate();
        var client = new Client(
                wanted.clientId(), wanted.roles(), wanted.application(), secret, caller.id(), clock.instant());
        clients.add(client);
        trail.target(client.id())
                .detail("roles", String.join(" ", client.roles()))
                .detail("application", client.application());
        return Response.created(URI.create("/api/v1/clients/" + client.id()))
                .header("Cache-Control", "no-store")
                .entity(new AddedClient(ClientView.of(client), secret))
                .build();
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("client.delete")
    public void delete(@PathParam("id") String id) {
        if (!id.matches(ClientRules.ID)) {
            throw Problem.notFound("client");
        }
        clients.delete(id);
        trail.target(id);
    }

    private static String position(String id) {
        if (!id.matches(ClientRules.ID)) {
            throw new IllegalArgumentException(id);
        }
        return id;
    }
}
