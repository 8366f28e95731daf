package io.bulwark.ratelimit.crowdsec;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import io.bulwark.ratelimit.blocklist.BlocklistWatcher;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/** Hands subscribed lists out as decisions, but for whom the application's allowlist serves at every endpoint. */
@ApplicationScoped
class ListDecisions implements BlocklistWatcher {
    private static final Logger LOG = Logger.getLogger(ListDecisions.class);

    private final Ledgers ledgers;
    private final CrowdSecConfig config;
    private final InstantSource clock;
    private final Set<String> tooLong = new HashSet<>();
    private final Set<String> applications = new HashSet<>();
    private List<Enforced> lists = List.of();
    private final Map<String, Allowed> allowed = new HashMap<>();
    private Map<String, List<Enforced>> handedOut = Map.of();

    ListDecisions(Ledgers ledgers, CrowdSecConfig config, InstantSource clock) {
        this.ledgers = ledgers;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public synchronized void readLists(List<Enforced> enforced) {
        lists = enforced;
        choose();
    }

    /** From now on these are served, whatever lists name them. */
    synchronized void allow(Map<String, Allowed> clients) {
        allowed.putAll(clients);
        choose();
    }

    /** Lists run out, and what bouncers were told of them does so before. */
    @Scheduled(every = "10s")
    synchronized void handOut() {
        applications.addAll(handedOut.keySet());
        for (var application : applications) {
            ledgers.of(application).subscribe(handedOut.getOrDefault(application, List.of()), clock.millis());
        }
        applications.retainAll(handedOut.keySet());
    }

    private void choose() {
        var chosen = new HashMap<String, List<Enforced>>();
        lists.stream().collect(groupingBy(Enforced::application)).forEach((application, all) -> {
            chosen.put(application, fitting(all, allowed.getOrDefault(application, Allowed.NOBODY)));
        });
        handedOut = chosen;
        handOut();
    }

    /** In the order of their names, as many as there is room for. */
    private List<Enforced> fitting(List<Enforced> all, Allowed clients) {
        var fitting = new ArrayList<Enforced>();
        var room = config.listed();
        for (var list : all.stream().sorted(comparing(Enforced::name)).toList()) {
            var networks = clients.takenFrom(list.networks());
            var name = list.name() + " of " + list.application();
            if (networks.size() <= room) {
                room -= networks.size();
                fitting.add(new Enforced(list.application(), list.name(), networks, list.staleAt()));
                tooLong.remove(name);
            } else if (tooLong.add(name)) { // once
                LOG.warnf(
                        "Blocklist %s is not handed out to bouncers, only enforced at /check and its kin: with it their"
                                + " entries were more than bulwark.ratelimit.crowdsec.listed=%d",
                        name, config.listed());
            }
        }
        return fitting;
    }
}
