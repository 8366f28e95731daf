package io.bulwark.ratelimit.envoy;

import io.quarkus.runtime.StartupEvent;
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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The domains that have limits by the configured directory's files, as these are at the start. */
@Singleton
class DomainFiles {
    private static final Logger LOG = Logger.getLogger(DomainFiles.class);

    private final String application;
    private final Map<String, DescriptorTree> byName;

    @Inject
    DomainFiles(EnvoyConfig config) {
        this(config.application(), config.directory().map(DomainFiles::files).orElse(Map.of()));
    }

    /** @param texts of the files, by name */
    DomainFiles(String application, Map<String, String> texts) {
        this.application = application;
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
        this.byName = Map.copyOf(found);
    }

    /** Being told of the start is what has the files read then, and not on an event loop at the first question. */
    void start(@Observes StartupEvent event) {
        LOG.infof("%d rate limit domains of %s are known from files", byName.size(), application);
    }

    /** Null where no file is about this domain of this application. */
    @Nullable
    DescriptorTree find(String ofApplication, String domain) {
        return application.equals(ofApplication) ? byName.get(domain) : null;
    }

    private static Map<String, String> files(Path directory) {
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
