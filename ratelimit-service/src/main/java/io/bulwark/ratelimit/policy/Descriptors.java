package io.bulwark.ratelimit.policy;

import org.jspecify.annotations.Nullable;

/** What else a request is known by: a credential, a tenant. */
@FunctionalInterface
public interface Descriptors {
    /** Of a request of which only the address is known. */
    Descriptors NONE = name -> null;

    /** Null where the request does not have it. */
    @Nullable
    String value(String name);
}
