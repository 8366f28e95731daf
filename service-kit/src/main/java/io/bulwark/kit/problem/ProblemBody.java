package io.bulwark.kit.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of RFC 9457, section 3.1, and the extensions of the problem's type. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemBody(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @JsonAnyGetter Map<String, Object> extensions) {

    /** The media type of RFC 9457. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final MediaType PROBLEM_JSON = MediaType.valueOf(MEDIA_TYPE);

    /** The response that tells of a problem. */
    public static Response response(Problem problem) {
        var response = Response.status(problem.status())
                .type(PROBLEM_JSON)
                .entity(of(problem.status(), problem.code(), problem.getMessage(), problem.extensions()));
        problem.headers().forEach(response::header);
        return response.build();
    }

    /** As {@link #response(Problem)}, for one without extensions. */
    public static Response response(int status, String code, @Nullable String detail) {
        return Response.status(status)
                .type(PROBLEM_JSON)
                .entity(of(status, code, detail, Map.of()))
                .build();
    }

    /** For answers given before or beside Jakarta REST. */
    public static String json(int status, String code, String detail) {
        var body = of(status, code, detail, Map.of());
        return new JsonObject()
                .put("type", body.type())
                .put("title", body.title())
                .put("status", status)
                .put("detail", detail)
                .encode();
    }

    private static ProblemBody of(int status, String code, @Nullable String detail, Map<String, Object> extensions) {
        var reason = Response.Status.fromStatusCode(status);
        var title = reason == null ? "Unprocessable Content" : reason.getReasonPhrase();
        return new ProblemBody(Problem.TYPE_BASE + code, title, status, detail, extensions);
    }
}
