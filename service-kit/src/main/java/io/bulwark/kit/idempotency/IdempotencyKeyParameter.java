package io.bulwark.kit.idempotency;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;

/** Tells of the header in every operation that takes it: the endpoints do not, for the interceptor reads it. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class IdempotencyKeyParameter implements OASFilter {
    private static final String COMPONENT = "IdempotencyKey";

    private final List<MethodInfo> endpoints;

    public IdempotencyKeyParameter(IndexView index) {
        endpoints = index.getAnnotations(Idempotent.class).stream()
                .map(AnnotationInstance::target)
                .filter(target -> target.kind() == AnnotationTarget.Kind.METHOD)
                .map(AnnotationTarget::asMethod)
                .distinct() // the index is made of several that overlap
                .toList();
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (endpoints.isEmpty()) {
            return;
        }
        api.getComponents().addParameter(COMPONENT, parameter());
        for (var endpoint : endpoints) {
            api.getPaths().getPathItem(path(endpoint)).getOperations().forEach((verb, operation) -> {
                if (endpoint.hasDeclaredAnnotation("jakarta.ws.rs." + verb)) {
                    operation.addParameter(OASFactory.createParameter().ref(COMPONENT));
                }
            });
        }
    }

    private static String path(MethodInfo endpoint) {
        return Stream.of(
                        endpoint.declaringClass().declaredAnnotation(Path.class),
                        endpoint.declaredAnnotation(Path.class))
                .filter(Objects::nonNull)
                .map(path -> path.value().asString())
                .collect(Collectors.joining());
    }

    private static Parameter parameter() {
        return OASFactory.createParameter()
                .name(IdempotentInterceptor.HEADER)
                .in(Parameter.In.HEADER)
                .description("""
                        The same caller's same call with the same key within 24 hours is answered as the first was, for which it \
                        waits, and does nothing (draft-ietf-httpapi-idempotency-key-header). 400 invalid-idempotency-key where the \
                        key is blank or too long, 422 idempotency-key-reused where another call had it""")
                .schema(OASFactory.createSchema()
                        .type(List.of(Schema.SchemaType.STRING))
                        .minLength(1)
                        .maxLength(IdempotentInterceptor.MAX_KEY));
    }
}
