package io.bulwark.ratelimit.blocklist;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an operator has set, as tests need it. */
record Settings(List<String> allowed, int bytes, Duration timeout) implements BlocklistConfig {
    @Override
    public Optional<List<String>> allowedNetworks() {
        return Optional.of(allowed);
    }

    @Override
    public MemorySize maxSize() {
        return new MemorySize(BigInteger.valueOf(bytes));
    }

    @Override
    public int maxEntries() {
        return 100;
    }

    @Override
    public Optional<Integer> maxEntriesTogether() {
        return Optional.empty();
    }

    @Override
    public int maxLists() {
        return 5;
    }
}
