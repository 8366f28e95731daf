package io.bulwark.auth.account;

import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.StaleVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The register of people: who there is and what each may do. How access ends is {@link UserAccessResource}'s. */
@Path("/api/v1/users")
class UserResource {
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** Those of machines are not for people. */
    private static final Set<String> ASSIGNABLE =
            Set.of(Roles.USER, Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN);

    private final Accounts accounts;
    private final PasswordHasher hasher;
    private final AuditTrail trail;
    private final InstantSource clock;

    UserResource(Accounts accounts, PasswordHasher hasher, AuditTrail trail, InstantSource clock) {
        this.accounts = accounts;
        this.hasher = hasher;
        this.trail = trail;
        this.clock = clock;
    }

    /** @param roles beside {@code user}, which everybody has */
    record NewUser(
            @NotBlank @Size(max = Email.MAX_LENGTH) @Pattern(regexp = Email.FORM, message = "is not an e-mail address")
            String email,

            @NotBlank @Size(max = 200) @Pattern(regexp = Email.PRINTABLE, message = "must be printable text")
            String name,

            @Size(max = 5) @Nullable List<@NotNull String> roles) {
        NewUser {
            if (email != null) {
                email = Email.normalise(email);
            }
        }
    }

    /** @param temporaryPassword shown this once; good until then, and to be changed at the first sign-in */
    record AddedUser(
            UserView user,
            String temporaryPassword,
            @Nullable Instant temporaryPasswordExpiresAt) {
        @Override
        public String toString() {
            return "AddedUser[" + user.id() + "]";
        }
    }

    /** What is absent stays as it is. */
    record UserChange(
            @Size(min = 1, max = 200) @Pattern(regexp = Email.PRINTABLE, message = "must be printable text") @Nullable
            String name,

            @Size(max = 5) @Nullable List<@NotNull String> roles) {}

    /** @param role only users with this role, such as {@code admin} */
    @GET
    @RolesAllowed({Roles.ADMIN, Roles.AUDITOR})
    @Transactional
    public Page<UserView> list(
            @QueryParam("role") @DefaultValue(Roles.USER) String role,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        requireAssignable("role", List.of(role));
        var after = Cursor.read(cursor, UUID::fromString);
        var found = accounts.list(after == null ? BEFORE_ALL : after, role, limit + 1);
        var now = clock.instant();
        return Page.of(found, limit, account -> account.id().toString(), account -> UserView.of(account, now));
    }

    @POST
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("user.create")
    @APIResponse(
            responseCode = "201",
            description = "New",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = AddedUser.class)))
    public Response add(@NotNull @Valid NewUser user) {
        var roles = Objects.requireNonNullElse(user.roles(), List.<String>of());
        requireAssignable("roles", roles);
        var password = hasher.temporary();
        var account = new Account(user.email(), user.name().strip(), roles, password, clock.instant());
        accounts.add(account);
        trail.target(account.id().toString())
                .detail("email", account.email())
                .detail("roles", String.join(" ", account.roles()));
        return Response.created(URI.create("/api/v1/users/" + account.id()))
                .tag(tag(account))
                .header("Cache-Control", "no-store")
                .entity(new AddedUser(UserView.of(account, clock.instant()), password.plain(), password.expiresAt()))
                .build();
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.ADMIN, Roles.AUDITOR})
    @Transactional
    @APIResponse(
            responseCode = "200",
            description = "The user",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = UserView.class)))
    public Response get(@PathParam("id") UUID id) {
        return answer(accounts.get(id));
    }

    @PATCH
    @Path("/{id}")
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("user.change")
    @APIResponse(
            responseCode = "200",
            description = "Changed",
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = UserView.class)))
    public Response change(
            @PathParam("id") UUID id,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @NotNull @Valid UserChange change) {
        if (change.roles() != null) {
            requireAssignable("roles", change.roles());
            accounts.lockAdministration();
        }
        var account = accounts.lock(id);
        StaleVersion.refuse("user", ifMatch, account.revision());
        trail.target(id.toString());
        if (change.name() != null) {
            account.rename(change.name().strip());
            trail.detail("name", account.name());
        }
        if (change.roles() != null) {
            assign(account, change.roles());
        }
        return answer(account);
    }

    private void assign(Account account, List<String> roles) {
        if (!roles.contains(Roles.ADMIN)) {
            accounts.requireAnotherAdmin(account);
        }
        trail.detail("rolesBefore", String.join(" ", account.roles()));
        if (account.assign(roles)) {
            accounts.endAccess(account.id(), "a role was taken away");
        }
        trail.detail("roles", String.join(" ", account.roles()));
    }

    private Response answer(Account account) {
        return Response.ok(UserView.of(account, clock.instant()))
                .tag(tag(account))
                .build();
    }

    private static void requireAssignable(String field, List<String> roles) {
        if (!ASSIGNABLE.containsAll(roles)) {
            throw Problem.invalid(
                    field, "must be of " + ASSIGNABLE.stream().sorted().toList());
        }
    }

    private static EntityTag tag(Account account) {
        return new EntityTag(Integer.toString(account.revision()));
    }
}
