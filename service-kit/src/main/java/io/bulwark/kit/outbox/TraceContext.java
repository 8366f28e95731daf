package io.bulwark.kit.outbox;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Carries <a href="https://www.w3.org/TR/trace-context/">W3C trace context</a> from a request into its events, and on. */
public final class TraceContext {
    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceContext() {}

    public static @Nullable String current() {
        var span = Span.current().getSpanContext();
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : null;
    }

    /** Makes what happens until the scope is closed part of the trace that the event came with, where it did with one. */
    @SuppressWarnings("MustBeClosedChecker") // the caller closes it
    public static Scope continuing(@Nullable String traceparent) {
        if (traceparent == null || !TRACEPARENT.matcher(traceparent).matches()) {
            return Scope.noop();
        }
        var span = SpanContext.createFromRemoteParent(
                traceparent.substring(3, 35),
                traceparent.substring(36, 52),
                TraceFlags.fromHex(traceparent, 53),
                TraceState.getDefault());
        // ids of zeros only are none
        return span.isValid() ? Context.current().with(Span.wrap(span)).makeCurrent() : Scope.noop();
    }
}
