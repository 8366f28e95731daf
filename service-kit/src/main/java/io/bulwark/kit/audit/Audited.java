package io.bulwark.kit.audit;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The call is recorded on {@code audit-trail}, in its own transaction: it commits with what it did. Every mutating
 * endpoint has it, for itself; {@link AuditTrail} adds the target and further facts.
 */
@InterceptorBinding
@Target({ElementType.METHOD, ElementType.TYPE}) // the interceptor is a type
@Retention(RetentionPolicy.RUNTIME)
public @interface Audited {
    /** What was done, such as {@code block.create}. */
    @Nonbinding
    String value();
}
