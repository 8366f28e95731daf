package io.bulwark.kit.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.audit.RefusedCalls;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.ProblemBody;
import io.bulwark.kit.problem.Unavailable;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.RollbackException;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Whatever is thrown, the client reads one problem+json and never a stack trace. */
@ApplicationScoped
public class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final Set<Integer> REFUSED = Set.of(401, 403, 429);

    private final Runnable refusal;

    @Inject
    ProblemMappers(RefusedCalls refusedCalls) {
        this(refusedCalls::count);
    }

    /** @param refusal counts the current call as refused */
    ProblemMappers(Runnable refusal) {
        this.refusal = refusal;
    }

    @ServerExceptionMapper
    Response problem(Problem problem) {
        if (REFUSED.contains(problem.status()) && !problem.getClass().isAnnotationPresent(NotAudited.class)) {
            refusal.run();
        }
        return ProblemBody.response(problem);
    }

    @ServerExceptionMapper
    Response unauthorized(UnauthorizedException e) {
        return unauthorized();
    }

    @ServerExceptionMapper
    Response authenticationFailed(AuthenticationFailedException e) {
        if (issuerIsAway(e)) {
            return ProblemBody.response(new Unavailable("The token cannot be checked: its issuer cannot be reached"));
        }
        return unauthorized();
    }

    @ServerExceptionMapper
    Response issuerAway(OIDCException e) {
        return ProblemBody.response(new Unavailable("The token cannot be checked: its issuer cannot be reached"));
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException e) {
        refusal.run();
        return ProblemBody.response(403, "forbidden", "The caller's roles do not allow this");
    }

    @ServerExceptionMapper
    Response invalid(ConstraintViolationException e) {
        List<Map<String, String>> errors = e.getConstraintViolations().stream()
                .map(violation ->
                        Map.of("field", field(violation.getPropertyPath()), "message", violation.getMessage()))
                .toList();
        return ProblemBody.response(
                new Problem(422, "invalid-field", "The request holds what it must not").with("errors", errors));
    }

    @ServerExceptionMapper
    Response mismatched(MismatchedInputException e) {
        var why = e instanceof UnrecognizedPropertyException
                ? "is not a known field"
                : "has the wrong type or is missing";
        var field = field(e);
        return ProblemBody.response(new Problem(400, "malformed-body", field + " " + why)
                .with("errors", List.of(Map.of("field", field, "message", why))));
    }

    @ServerExceptionMapper
    Response malformed(JsonProcessingException e) {
        return ProblemBody.response(400, "malformed-body", "The body is not the JSON that is expected here");
    }

    @ServerExceptionMapper
    Response tooLarge(BodyTooLarge e) {
        return ProblemBody.response(new Problem(413, "too-large", e.getMessage()).header("Connection", "close"));
    }

    @ServerExceptionMapper
    Response notFound(NotFoundException e) {
        return ProblemBody.response(404, "not-found", "There is nothing at this address");
    }

    @ServerExceptionMapper
    Response web(WebApplicationException e) {
        if (e.getCause() instanceof MismatchedInputException mismatched) {
            return mismatched(mismatched);
        }
        if (e.getCause() instanceof JacksonException) {
            return ProblemBody.response(400, "malformed-body", "The body is not the JSON that is expected here");
        }
        var status = e.getResponse().getStatus();
        if (status >= 500) {
            return unexpected(e);
        }
        if (status == 401) {
            return unauthorized();
        }
        return ProblemBody.response(status, code(status), null);
    }

    @ServerExceptionMapper
    Response stale(OptimisticLockException e) {
        return ProblemBody.response(
                409, "changed-meanwhile", "Somebody else changed this at the same time; read it again");
    }

    @ServerExceptionMapper
    Response storage(PersistenceException e) {
        return databaseIsAway(e) ? databaseAway() : unexpected(e);
    }

    @ServerExceptionMapper
    Response storage(SQLException e) {
        return databaseIsAway(e) ? databaseAway() : unexpected(e);
    }

    @ServerExceptionMapper
    Response rolledBack(RollbackException e) {
        return databaseIsAway(e) ? databaseAway() : unexpected(e);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable e) {
        if (databaseIsAway(e)) {
            return databaseAway();
        }
        var reference = UUID.randomUUID().toString();
        LOG.errorf(e, "Unexpected failure, reference %s", reference);
        return ProblemBody.response(
                new Problem(500, "internal-error", "Something went wrong on our side").with("reference", reference));
    }

    private Response unauthorized() {
        refusal.run();
        return ProblemBody.response(new Problem(401, "unauthorized", "A valid bearer token is needed")
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    }

    private static Response databaseAway() {
        return ProblemBody.response(new Unavailable("The database cannot be reached"));
    }

    private static boolean issuerIsAway(Throwable e) {
        return causes(e).anyMatch(OIDCException.class::isInstance);
    }

    /** SQLSTATE class 08 is a connection exception, 57P01 to 57P03 a server that stops or starts, 53 a lack of resources. */
    private static boolean databaseIsAway(Throwable e) {
        return causes(e)
                .anyMatch(cause -> cause instanceof SQLTransientException
                        || (cause instanceof SQLException sql && connectionState(sql.getSQLState()))
                        || String.valueOf(cause.getMessage()).startsWith("Acquisition timeout"));
    }

    private static boolean connectionState(@Nullable String state) {
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }

    /** The suppressed ones too: a commit that fails because the database died tells of it only there. */
    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .limit(20)
                .flatMap(cause -> Stream.concat(
                        Stream.of(cause), Arrays.stream(cause.getSuppressed()).flatMap(ProblemMappers::causes)));
    }

    private static String field(Path path) {
        return StreamSupport.stream(path.spliterator(), false)
                .filter(node -> node.getKind() == ElementKind.PROPERTY || node.getKind() == ElementKind.PARAMETER)
                .map(Path.Node::toString)
                .reduce((first, second) -> second)
                .orElse("body");
    }

    private static String field(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference -> reference.getFieldName() == null ? "[]" : reference.getFieldName())
                .reduce((parent, child) -> parent + "." + child)
                .orElse("body");
    }

    private static String code(int status) {
        return switch (status) {
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 412 -> "stale-version";
            case 413 -> "too-large";
            case 415 -> "unsupported-media-type";
            default -> "bad-request";
        };
    }
}
