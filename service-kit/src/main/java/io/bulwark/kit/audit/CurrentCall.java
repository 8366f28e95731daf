package io.bulwark.kit.audit;

import io.bulwark.events.Envelope;
import jakarta.enterprise.context.RequestScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request adds to its own audit entry. */
@RequestScoped
class CurrentCall {
    private @Nullable String target;
    private String application = Envelope.OWN_APPLICATION;
    private final Map<String, String> details = new LinkedHashMap<>();

    void target(String what) {
        target = what;
    }

    void application(String whose) {
        application = whose;
    }

    void detail(String key, String value) {
        details.put(key, value);
    }

    @Nullable
    String target() {
        return target;
    }

    String application() {
        return application;
    }

    Map<String, String> details() {
        return details;
    }
}
