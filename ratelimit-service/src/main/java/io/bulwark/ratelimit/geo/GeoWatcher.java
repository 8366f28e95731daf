package io.bulwark.ratelimit.geo;

import java.util.List;

/** Told of the geo blocks whenever they were read: at the start, and when one changes. */
public interface GeoWatcher {
    void read(List<GeoBlock> all);
}
