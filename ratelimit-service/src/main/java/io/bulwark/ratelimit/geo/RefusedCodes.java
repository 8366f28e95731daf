package io.bulwark.ratelimit.geo;

import java.util.Arrays;
import java.util.List;

/** Countries or autonomous systems by their codes, and until when each is refused. Reading allocates nothing. */
final class RefusedCodes {
    private final long[] codes;
    private final long[] until;

    RefusedCodes(List<GeoBlock> blocks) {
        var sorted = blocks.stream()
                .sorted((one, other) ->
                        Long.compare(one.target().code(), other.target().code()))
                .toList();
        codes = sorted.stream().mapToLong(block -> block.target().code()).toArray();
        until = sorted.stream()
                .mapToLong(block -> block.until() == null
                        ? GeoTable.FOR_GOOD
                        : block.until().toEpochMilli())
                .toArray();
    }

    boolean isEmpty() {
        return codes.length == 0;
    }

    /** {@link GeoTable#NOT_REFUSED} where the code is not among them, or its time has run. */
    long until(long code, long nowMillis) {
        var at = Arrays.binarySearch(codes, code);
        return at >= 0 && until[at] > nowMillis ? until[at] : GeoTable.NOT_REFUSED;
    }
}
