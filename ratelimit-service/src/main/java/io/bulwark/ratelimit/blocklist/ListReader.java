package io.bulwark.ratelimit.blocklist;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.http.BodyLines;
import io.bulwark.kit.net.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Reads a list, and tells a list with a few odd lines from what is no list at all, such as an error page. */
final class ListReader {
    private static final int LONGEST_LINE = 4 * 1_024;

    private final ListFormat format;
    private final int most;
    private final Predicate<Network> mayBeBlocked;
    private final Set<Network> networks = new HashSet<>();
    private int malformed;
    private int harmful;
    private int lines;

    /**
     * @param most entries; a list with more fails
     * @param mayBeBlocked false for what would shut out the house
     */
    ListReader(ListFormat format, int most, Predicate<Network> mayBeBlocked) {
        this.format = format;
        this.most = most;
        this.mayBeBlocked = mayBeBlocked;
    }

    /** @throws FetchFailed where that is no list, or too long a one */
    NetworkList read(byte[] body) throws FetchFailed {
        try {
            var reader = new BodyLines(new ByteArrayInputStream(body), LONGEST_LINE);
            for (var line = reader.next(); line != null; line = reader.next()) {
                take(BodyLines.isTooLong(line) ? "?" : new String(line, UTF_8).strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (networks.isEmpty()) {
            throw new FetchFailed("It names no network that may be blocked");
        }
        if (malformed > networks.size()) {
            throw new FetchFailed(
                    "It is no list: " + malformed + " lines are no network and " + networks.size() + " are");
        }
        return NetworkList.of(networks);
    }

    /** Lines that name no network, or one that must not be blocked. */
    int refused() {
        return malformed + harmful;
    }

    private void take(String line) throws FetchFailed {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";") || line.startsWith("//")) {
            return;
        }
        lines++;
        var target = format.target(line);
        if (target == null) {
            return;
        }
        try {
            add(Network.parse(target));
        } catch (IllegalArgumentException e) {
            malformed += format == ListFormat.CSV && lines == 1 ? 0 : 1;
        }
    }

    private void add(Network network) throws FetchFailed {
        if (!mayBeBlocked.test(network)) {
            harmful++;
        } else if (networks.add(network) && networks.size() > most) {
            throw new FetchFailed("It has more than " + most + " entries");
        }
    }
}
