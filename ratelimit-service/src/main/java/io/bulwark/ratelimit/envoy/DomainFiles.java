package io.bulwark.ratelimit.envoy;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The domains that have limits by the configured directory's files. What changes there is in force within ten seconds;
 * where a file of it is wrong, all stays as it was.
 */
@Singleton
class DomainFiles {
    private static final Logger LOG = Logger.getLogger(DomainFiles.class);

    private final String application;
    private final Supplier<Map<String, String>> files;
    private final LimitTallies tallies;
    private final Outage outage =
            new Outage(LOG, "Rate limit files are not taken, and the domains known stay as they are");
    private Map<String, String> seen;
    private volatile Map<String, DescriptorTree> byName;

    @Inject
    DomainFiles(EnvoyConfig config, LimitTallies tallies) {
        this(
                config.application(),
                () -> config.directory().map(DomainFiles::read).orElse(Map.of()),
                tallies);
    }

    /**
     * @param files their texts, by name
     * @throws InvalidDomainFile where one is wrong
     */
    DomainFiles(String application, Supplier<Map<String, String>> files, LimitTallies tallies) {
        this.application = application;
        this.files = files;
        this.tallies = tallies;
        this.seen = files.get();
        this.byName = compiled(seen);
    }

    private Map<String, DescriptorTree> compiled(Map<String, String> texts) {
        var found = new HashMap<String, DescriptorTree>();
        for (var text : texts.entrySet()) {
            try {
                var file = DomainFile.read(application, text.getValue());
                if (found.putIfAbsent(file.domain(), file.tree()) != null) {
                    throw new InvalidDomainFile("another file has the domain '" + file.domain() + "' too");
                }
            } catch (InvalidDomainFile e) {
                throw new InvalidDomainFile(text.getKey() + ": " + e.getMessage());
            }
        }
        found.forEach((domain, tree) -> tree.tally(tallies, application, domain));
        return Map.copyOf(found);
    }

    /** Being told of the start is what has the files read then, and not on an event loop at the first question. */
    void start(@Observes StartupEvent event) {
        tell();
    }

    @Scheduled(every = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    void check() {
        outage.attempt(() -> {
            var texts = files.get();
            if (!texts.equals(seen)) {
                seen = texts; // taken or not: a mistake is told once, and the next one again
                byName = compiled(texts);
                tell();
            }
        });
    }

    private void tell() {
        LOG.infof("%d rate limit domains of %s are known from files", byName.size(), application);
    }

    /** Null where no file is about this domain of this application. */
    @Nullable
    DescriptorTree find(String ofApplication, String domain) {
        return all(ofApplication).get(domain);
    }

    /** What files say of this application, by domain. */
    Map<String, DescriptorTree> all(String ofApplication) {
        return application.equals(ofApplication) ? byName : Map.of();
    }

    /** @throws UncheckedIOException where it cannot be read */
    static Map<String, String> read(Path directory) {
        var texts = new HashMap<String, String>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(DomainFiles::isYaml).toList()) {
                if (Files.size(file) > DomainFile.LARGEST) {
                    throw new InvalidDomainFile(file + ": larger than " + DomainFile.LARGEST + " bytes");
                }
                texts.put(file.toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bulwark.ratelimit.envoy.directory cannot be read: " + directory, e);
        }
        return texts;
    }

    private static boolean isYaml(Path file) {
        return List.of(".yaml", ".yml").stream().anyMatch(file.toString()::endsWith) && Files.isRegularFile(file);
    }
}
