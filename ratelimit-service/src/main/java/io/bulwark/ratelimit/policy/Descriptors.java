package io.bulwark.ratelimit.policy;

import io.bulwark.kit.problem.Problem;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What else a request is known by: a credential, a tenant. */
@FunctionalInterface
public interface Descriptors {
    /** Of a request of which only the address is known. */
    Descriptors NONE = name -> null;

    /** Whoever writes them down writes no value that is longer. */
    int LONGEST = 16_384;

    /**
     * As somebody writes them down. Names are of headers, which are the same in upper case.
     *
     * @throws Problem 422 where one stands there twice
     */
    static Descriptors of(Map<String, String> written) {
        var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(written);
        if (byName.size() < written.size()) {
            throw Problem.invalid("descriptors", "names one twice");
        }
        return byName::get;
    }

    /** Null where the request does not have it. */
    @Nullable
    String value(String name);
}
