package io.bulwark.kit.idempotency;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The endpoint takes the header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): called again by the
 * same caller with the same key within 24 hours it answers what it answered, and does nothing. For transactional
 * endpoints whose answer holds no secret, since the answer is kept.
 */
@InterceptorBinding
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {}
