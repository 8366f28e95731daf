package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import java.time.Instant;
import java.util.List;

/** Told of the lists that refuse somebody whenever the lists were read: at the start, and when one changes. */
public interface BlocklistWatcher {
    void readLists(List<Enforced> lists);

    /**
     * A list that is not in shadow mode and was fetched before.
     *
     * @param networks each once
     * @param staleAt until when they hold where nothing newer is fetched; may have passed
     */
    record Enforced(String application, String name, List<Network> networks, Instant staleAt) {}
}
