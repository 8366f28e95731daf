package io.bulwark.kit.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.hash.Sha256;
import io.bulwark.kit.idempotency.IdempotencyTable.Answer;
import io.bulwark.kit.problem.Problem;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs within the endpoint's transaction: the key commits with the change, or not at all. */
@Idempotent
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 50)
class IdempotentInterceptor {
    static final String HEADER = "Idempotency-Key";
    static final int MAX_KEY = 255;

    private final IdempotencyTable table;
    private final Caller caller;
    private final CurrentVertxRequest request;
    private final ObjectMapper json;

    IdempotentInterceptor(IdempotencyTable table, Caller caller, CurrentVertxRequest request, ObjectMapper json) {
        this.table = table;
        this.caller = caller;
        this.request = request;
        this.json = json;
    }

    @AroundInvoke
    @Nullable
    Object once(InvocationContext call) throws Exception {
        var key = request.getCurrent().request().getHeader(HEADER);
        if (key == null) {
            return call.proceed();
        }
        if (key.isBlank() || key.length() > MAX_KEY) {
            throw new Problem(400, "invalid-idempotency-key", HEADER + " has 1 to " + MAX_KEY + " characters");
        }
        var http = request.getCurrent().request();
        var action = http.method() + " " + http.path();
        var hash = hash(call.getParameters());
        if (table.claim(caller.id(), key, action, hash)) {
            var result = call.proceed();
            table.keep(caller.id(), key, answer(result));
            return result;
        }
        var known = table.find(caller.id(), key);
        if (!known.action().equals(action) || !MessageDigest.isEqual(known.requestHash(), hash)) {
            throw new Problem(422, "idempotency-key-reused", "This Idempotency-Key belongs to another request");
        }
        return replay(known.answer(), call.getMethod().getReturnType());
    }

    private Answer answer(@Nullable Object result) throws JsonProcessingException {
        if (result instanceof Response response) {
            return new Answer(
                    response.getStatus(),
                    response.getHeaderString(HttpHeaders.LOCATION),
                    response.getHeaderString(HttpHeaders.ETAG),
                    response.hasEntity() ? json.writeValueAsString(response.getEntity()) : null);
        }
        return new Answer(200, null, null, result == null ? null : json.writeValueAsString(result));
    }

    private @Nullable Object replay(Answer answer, Class<?> type) throws JsonProcessingException {
        if (Response.class.isAssignableFrom(type)) {
            var response = Response.status(answer.status()).header("Idempotency-Replayed", "true");
            if (answer.location() != null) {
                response.location(URI.create(answer.location()));
            }
            if (answer.etag() != null) {
                response.header(HttpHeaders.ETAG, answer.etag());
            }
            if (answer.body() != null) {
                response.entity(json.readTree(answer.body())).type(MediaType.APPLICATION_JSON_TYPE);
            }
            return response.build();
        }
        return answer.body() == null ? null : json.readValue(answer.body(), type);
    }

    private byte[] hash(Object[] parameters) throws JsonProcessingException {
        var plain =
                Arrays.stream(parameters).filter(IdempotentInterceptor::isInput).toArray();
        return Sha256.of(json.writeValueAsString(plain).getBytes(UTF_8));
    }

    /** What the client sent, not what the container passes along, such as {@code UriInfo}. */
    private static boolean isInput(@Nullable Object parameter) {
        return parameter != null
                && !parameter.getClass().getName().matches("(org\\.jboss|jakarta|io\\.quarkus|io\\.vertx)\\..*");
    }
}
