package io.bulwark.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.EventTypes;
import io.bulwark.events.Topic;
import io.bulwark.localstack.SuiteService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code docs/architecture.md} names what there is: every event type, topic, service, feature and table, and links that lead
 * somewhere.
 */
class ArchitectureMapTest {
    private static final Path DOCS = Suite.ROOT.resolve("docs");
    private static final Pattern MIGRATED = Pattern.compile("^(create|drop) table (\\w+)", Pattern.MULTILINE);

    @Test
    void namesEveryEventAndTopic() throws IOException {
        var expected = new ArrayList<String>(EventTypes.all().keySet());
        Stream.of(Topic.values()).map(Topic::topicName).forEach(expected::add);

        assertThat(map()).contains(expected);
    }

    @ParameterizedTest
    @EnumSource
    void namesTheFeaturesOfEachService(SuiteService service) throws IOException {
        var features = found("(?s)Features, a package each:.*?\\b" + service.schema() + " `([^`]+)`", map());

        assertThat(features.split("\\s+")).containsExactlyInAnyOrderElementsOf(featuresOf(service));
    }

    @ParameterizedTest
    @EnumSource
    void namesTheTablesOfEachService(SuiteService service) throws IOException {
        var tables = found("(?m)^\\| " + service.application() + " \\|[^|]+\\| ([^|]+) \\|", map());

        assertThat(tables.split(", ")).containsExactlyInAnyOrderElementsOf(tablesOf(service));
    }

    @ParameterizedTest
    @EnumSource
    void theReadmeOfAServiceNamesItsTables(SuiteService service) throws IOException {
        var readme = Files.readString(Suite.ROOT.resolve(service.application() + "/README.md"));

        assertThat(tablesOf(service)).allSatisfy(table -> assertThat(readme).contains("`" + table + "`"));
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

    /** What its migrations created and did not drop. */
    private static Set<String> tablesOf(SuiteService service) throws IOException {
        var migrations = Suite.ROOT.resolve(service.application() + "/src/main/resources/db/migration");
        var tables = new HashSet<String>();
        var dropped = new HashSet<String>();
        try (var files = Files.list(migrations)) {
            for (var file : files.toList()) {
                var statements = MIGRATED.matcher(Files.readString(file));
                while (statements.find()) {
                    (statements.group(1).equals("create") ? tables : dropped).add(statements.group(2));
                }
            }
        }
        tables.removeAll(dropped);
        return tables;
    }

    private static String found(String pattern, String text) {
        var found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    private static String map() throws IOException {
        return Files.readString(DOCS.resolve("architecture.md"));
    }
}
