package io.bulwark.ratelimit.prefix;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A small number for every scope, so that a table need not keep its names. Reading takes no lock and allocates nothing. */
public final class ScopeNumbers {
    private final ConcurrentHashMap<String, OfApplication> applications = new ConcurrentHashMap<>();
    private int last;

    /** The numbers of one application: of all its endpoints together, and of single ones. */
    public static final class OfApplication {
        private final ConcurrentHashMap<String, Integer> endpoints = new ConcurrentHashMap<>();
        private volatile int everything;

        /** {@link PrefixTable#NO_SCOPE} where nothing was ever in it. */
        public int everything() {
            return everything;
        }

        /** {@link PrefixTable#NO_SCOPE} where nothing was ever in it. */
        public int endpoint(@Nullable String name) {
            if (name == null || endpoints.isEmpty()) {
                return PrefixTable.NO_SCOPE;
            }
            return endpoints.getOrDefault(name, PrefixTable.NO_SCOPE);
        }

        /** Those that there are, of all its scopes. */
        public Set<Integer> all() {
            var all = new HashSet<>(endpoints.values());
            all.add(everything);
            return all;
        }
    }

    @Nullable
    public OfApplication of(String application) {
        return applications.get(application);
    }

    /** The scope's number, made where it has none. */
    public synchronized int number(Scope scope) {
        var numbers = applications.computeIfAbsent(scope.application(), name -> new OfApplication());
        var endpoint = scope.endpoint();
        if (endpoint != null) {
            return numbers.endpoints.computeIfAbsent(endpoint, name -> ++last);
        }
        if (numbers.everything == PrefixTable.NO_SCOPE) {
            numbers.everything = ++last;
        }
        return numbers.everything;
    }
}
