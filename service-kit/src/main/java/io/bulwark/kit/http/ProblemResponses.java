package io.bulwark.kit.http;

import io.bulwark.kit.problem.ProblemBody;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Tells of every operation of an API with which problems it answers, so that no endpoint has to repeat it. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
    private static final String API = "/api/";
    private static final String PROBLEM = "Problem";

    /** What is said of a status by whoever generates the document, and nobody in particular. */
    private static final Set<String> GENERATED = Set.of("Bad Request", "Not Authorized", "Not Allowed");

    /** What is the same wherever it is answered, said once and referred to. */
    private enum Shared {
        MALFORMED("400", "Malformed", "The request cannot be read"),
        UNAUTHORIZED("401", "Unauthorized", "A valid bearer token is needed"),
        FORBIDDEN("403", "Forbidden", "The caller's roles do not allow this"),
        NOT_FOUND("404", "NotFound", "There is none"),
        STALE("412", "Stale", "It has changed since; read it again"),
        INVALID("422", "Invalid", "A field holds what it must not; errors says which"),
        OTHER(APIResponses.DEFAULT, PROBLEM, "Any other refusal or failure");

        private final String status;
        private final String component;
        private final String description;

        Shared(String status, String component, String description) {
            this.status = status;
            this.component = component;
            this.description = description;
        }

        APIResponse response() {
            return OASFactory.createAPIResponse().description(description).content(problem());
        }

        /** What an endpoint says itself stays as it is. */
        void addTo(APIResponses responses) {
            var said = responses.getAPIResponse(status);
            if (said == null || GENERATED.contains(String.valueOf(said.getDescription()))) {
                responses.addAPIResponse(status, OASFactory.createAPIResponse().ref(component));
            }
        }
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        var components = Objects.requireNonNullElseGet(api.getComponents(), OASFactory::createComponents);
        components.addSchema(PROBLEM, schema());
        for (var shared : Shared.values()) {
            components.addResponse(shared.component, shared.response());
        }
        api.setComponents(components);
        api.getPaths().getPathItems().forEach((path, item) -> {
            if (path.startsWith(API)) {
                item.getOperations().forEach((method, operation) -> complete(path, method, operation));
            }
        });
    }

    private static void complete(String path, HttpMethod method, Operation operation) {
        var responses = operation.getResponses();
        var parameters = Objects.requireNonNullElse(operation.getParameters(), List.<Parameter>of());
        Stream.of(Shared.MALFORMED, Shared.UNAUTHORIZED, Shared.FORBIDDEN)
                .filter(shared -> responses.hasAPIResponse(shared.status))
                .forEach(shared -> shared.addTo(responses));
        // A PUT that may create makes what it does not find: its path names nothing else.
        if (path.contains("{") && !(method == HttpMethod.PUT && responses.hasAPIResponse("201"))) {
            Shared.NOT_FOUND.addTo(responses);
        }
        if (parameters.stream().anyMatch(parameter -> "If-Match".equals(parameter.getName()))) {
            Shared.STALE.addTo(responses);
        }
        if (operation.getRequestBody() != null || parameters.stream().anyMatch(ProblemResponses::isChecked)) {
            Shared.INVALID.addTo(responses);
        }
        Shared.OTHER.addTo(responses);
        responses.getAPIResponses().forEach((status, response) -> {
            if (isRefusal(status) && response.getRef() == null && response.getContent() == null) {
                response.setContent(problem());
            }
        });
    }

    /** A path that is none of an API's is no invalid parameter, but leads nowhere. */
    private static boolean isChecked(Parameter parameter) {
        var schema = parameter.getSchema();
        return parameter.getIn() != Parameter.In.PATH || schema != null && schema.getPattern() != null;
    }

    private static boolean isRefusal(String status) {
        return status.startsWith("4") || status.startsWith("5");
    }

    private static Content problem() {
        var reference = OASFactory.createSchema().ref(PROBLEM);
        return OASFactory.createContent()
                .addMediaType(
                        ProblemBody.MEDIA_TYPE, OASFactory.createMediaType().schema(reference));
    }

    private static Schema schema() {
        return of(Schema.SchemaType.OBJECT)
                .description("RFC 9457; some types have members of their own, such as errors")
                .required(List.of("type", "title", "status"))
                .addProperty("type", of(Schema.SchemaType.STRING).format("uri").description("Stable"))
                .addProperty("title", of(Schema.SchemaType.STRING))
                .addProperty("status", of(Schema.SchemaType.INTEGER))
                .addProperty("detail", of(Schema.SchemaType.STRING).description("For a person"));
    }

    private static Schema of(Schema.SchemaType type) {
        return OASFactory.createSchema().type(List.of(type));
    }
}
