package io.bulwark.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.EventTypes;
import io.bulwark.events.Topic;
import io.bulwark.localstack.SuiteService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/architecture.md} names what there is: every event type, topic, service and feature, and links that lead somewhere. */
class ArchitectureMapTest {
    private static final Path DOCS = Suite.ROOT.resolve("docs");

    @Test
    void namesEverythingThereIs() throws IOException {
        var expected = new ArrayList<String>(EventTypes.all().keySet());
        Stream.of(Topic.values()).map(Topic::topicName).forEach(expected::add);
        for (var service : SuiteService.values()) {
            expected.add(service.application());
            expected.addAll(featuresOf(service));
        }

        assertThat(map()).contains(expected);
    }

    @Test
    void linksToWhatExists() throws IOException {
        var links = Pattern.compile("\\]\\(([^)]+)\\)").matcher(map());

        assertThat(links.results().map(link -> DOCS.resolve(link.group(1))))
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    @Test
    void staysShortEnoughToBeRead() throws IOException {
        assertThat(map().lines().count()).isLessThan(120);
    }

    private static List<String> featuresOf(SuiteService service) throws IOException {
        var sources = Suite.ROOT.resolve(service.application() + "/src/main/java/io/bulwark/" + service.schema());
        try (var entries = Files.list(sources)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .toList();
        }
    }

    private static String map() throws IOException {
        return Files.readString(DOCS.resolve("architecture.md"));
    }
}
