package io.bulwark.ratelimit.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainFileTest {
    private static final String FILE = """
            ---
            domain: edge
            descriptors:
              - key: path
                value: /login
                rate_limit: {name: login, unit: minute, requests_per_unit: 5}
                descriptors:
                  - key: remote_address
                    rate_limit: {unit: hour, requests_per_unit: 10}
              - key: path
                rate_limit: {unit: second, requests_per_unit: 1_000}
              - key: path
                value: /files/*
                share_threshold: true
                rate_limit: {unit: DAY, requests_per_unit: 0x10}
              - key: path
                value: /docs/*
                rate_limit: {unit: week, requests_per_unit: 8}
              - key: staff
                value: yes
                rate_limit: {unlimited: true}
              - key: open
            """;

    private final DescriptorTree tree = DomainFile.read("default", FILE).tree();

    @Test
    void theDomainIsRead() {
        assertThat(DomainFile.read("default", FILE).domain()).isEqualTo("edge");
    }

    @ParameterizedTest
    @CsvSource({
        "/login, 5, 60",
        "/logins, 1000, 1",
        "/files/a, 16, 86400",
        "/docs/a, 8, 604800",
    })
    void theExactValueThenAWildcardThenTheKeyAloneIsFound(String path, long quota, long seconds) {
        var limit = find("path", path).rule().limit();

        assertThat(limit.quota()).isEqualTo(quota);
        assertThat(limit.windowNanos()).isEqualTo(seconds * 1_000_000_000L);
        assertThat(limit.burst()).isEqualTo(quota);
    }

    @Test
    void theDepthOfARequestIsTheRules() {
        assertThat(find("path", "/login", "remote_address", "192.0.2.1")
                        .rule()
                        .limit()
                        .quota())
                .isEqualTo(10);
        assertThat(find("path", "/login", "user", "x")).isNull();
        assertThat(find("path", "/other", "remote_address", "192.0.2.1")).isNull();
        assertThat(find("remote_address", "192.0.2.1")).isNull();
        assertThat(find()).isNull();
    }

    @Test
    void whatHasNoLimitIsNotLimited() {
        assertThat(find("staff", "yes").rule().limit()).isNull();
        assertThat(find("open", "x")).isNull();
    }

    @Test
    void valuesOfAWildcardCountTogetherWhereTheyShareTheThreshold() {
        assertThat(find("path", "/files/a").counted())
                .isEqualTo(find("path", "/files/b").counted());
        assertThat(find("path", "/docs/a").counted())
                .isNotEqualTo(find("path", "/docs/b").counted());
    }

    @ParameterizedTest
    @CsvSource({
        "/api/*/action, /api/users/action, true",
        "/api/*/action, /api/users/1/action, true",
        "/api/*/action, /api//action, true",
        "/api/*/action, /api/action, false",
        "/api/*/action, /api/users/actions, false",
        "*.php, /a.php, true",
        "*.php, /a.html, false",
        "/*/x/*/y, /1/x/2/y, true",
        "/*/x/*/y, /1/y/2/x/y, false",
        "/*/x/*/y, /1/x/y, false",
        "/**/x, /1/x, true",
        "*, anything, true",
        "*ab*ab, ab, false",
    })
    void anAsteriskStandsForAnyTextWhereverItIs(String value, String asked, boolean matches) {
        var wild = DomainFile.read("default", """
                domain: edge
                descriptors:
                  - key: path
                    value: "%s"
                    share_threshold: true
                    rate_limit: {unit: minute, requests_per_unit: 5}
                """.formatted(value)).tree();

        assertThat(find(wild, "path", asked) != null).isEqualTo(matches);
        assertThat(find(wild, "other", asked)).isNull();
    }

    @Test
    void aliasesAndMergesAreUnderstood() {
        var merged = DomainFile.read("default", """
                domain: edge
                descriptors:
                  - key: a
                    rate_limit: &five {unit: minute, requests_per_unit: 5}
                  - key: b
                    rate_limit: *five
                  - key: c
                    rate_limit:
                      <<: *five
                      requests_per_unit: 7
                """).tree();

        assertThat(find(merged, "b", "x").rule().limit().quota()).isEqualTo(5);
        assertThat(find(merged, "c", "x").rule().limit().quota()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "descriptors: []|line 1: a configuration has a domain",
                "domain: a\\nratelimit: 1|line 2: unknown key 'ratelimit'",
                "domain: a\\n0.25: 1|line 2: unknown key '0.25'",
                "domain: a\\ndomain: b|line 2: key 'domain' comes twice",
                "domain: a\\ndescriptors: [x]|line 2: a mapping is wanted here",
                "domain: a\\ndescriptors: {key: x}|line 2: 'descriptors' is a list",
                "domain: a\\ndescriptors:\\n- value: x|line 3: descriptor has empty key",
                "domain: a\\ndescriptors:\\n- key: x\\n- key: x|line 4: duplicate descriptor composite key 'a.x'",
                "domain: a\\ndescriptors:\\n- key: x\\n  rate_limit:\\n    unit: foo|line 5: invalid rate limit unit 'foo'",
                "domain: a\\ndescriptors:\\n- key: x\\n  rate_limit: {unlimited: true, unit: day}|line 4: what is unlimited has no unit",
                "domain: a\\ndescriptors:\\n- key: x\\n  rate_limit: {unit: day, requests_per_unit: -1}"
                        + "|line 4: 'requests_per_unit' is a whole number from 0 to 4294967295",
                "domain: a\\ndescriptors:\\n- key: x\\n  rate_limit: {unit: day, requests_per_unit: many}"
                        + "|line 4: 'requests_per_unit' is a whole number",
                "domain: a\\ndescriptors:\\n- key: x\\n  share_threshold: true|line 3: share_threshold is for values with a '*' in them",
                "domain: a\\ndescriptors:\\n- key: x\\n  rate_limit: {name: n, replaces: [{name: n}], unit: day}"
                        + "|line 4: a limit replaces others, by name, and not itself",
                "domain: a\\n---\\ndomain: b|line 2: no YAML: but found another document",
            })
    void aMistakeIsToldWithItsLine(String text, String complaint) {
        assertThatThrownBy(() -> DomainFile.read("default", text.replace("\\n", "\n")))
                .isInstanceOf(InvalidDomainFile.class)
                .hasMessage(complaint);
    }

    @Test
    void twoFilesWithOneDomainAreRefused() {
        assertThatThrownBy(() ->
                        new DomainFiles("default", () -> Map.of("a.yaml", FILE, "b.yaml", FILE), EdgeLimits.tallies()))
                .hasMessageContaining("another file has the domain 'edge' too");
    }

    @Test
    void theShippedFileLimitsWhatTheShippedGatewayAsksAbout() throws IOException {
        var folder = Path.of(System.getProperty("bulwark.root"), "deploy/gateways/envoy");
        var shipped = DomainFile.read("default", Files.readString(folder.resolve("edge.yaml")));
        var gateway = Files.readString(folder.resolve("grpc.yaml"));

        assertThat(gateway).contains("domain: " + shipped.domain() + "\n");
        for (var action : List.of("remote_address", "masked_remote_address")) {
            assertThat(gateway).contains("actions: [{" + action + ": {");
            assertThat(find(shipped.tree(), action, "192.0.2.1")).isNotNull();
        }
    }

    @Test
    void aFileThatGrowsByAliasesIsRefused() {
        var bomb = new StringBuilder("domain: a\ndescriptors:\n- &a0 {key: k}\n");
        for (var i = 1; i < 10; i++) {
            bomb.append("- &a").append(i).append(" {key: k").append(i).append(", descriptors: [");
            for (var j = 0; j < 9; j++) {
                bomb.append(j == 0 ? "" : ", ").append("*a").append(i - 1);
            }
            bomb.append("]}\n");
        }

        assertThatThrownBy(() -> DomainFile.read("default", bomb.toString())).isInstanceOf(InvalidDomainFile.class);
        assertThatThrownBy(() -> DomainFile.read("default", "&a {domain: a, descriptors: [*a]}"))
                .isInstanceOf(InvalidDomainFile.class);
    }

    @Test
    void whateverAFileSaysItIsReadOrRefused() {
        var random = new Random(4);
        for (var round = 0; round < 3_000; round++) {
            var text = new StringBuilder(FILE);
            for (var i = 0; i < 4; i++) {
                text.setCharAt(random.nextInt(text.length()), (char) (9 + random.nextInt(118)));
            }
            try {
                DomainFile.read("default", text.toString());
            } catch (InvalidDomainFile e) {
                assertThat(e).hasMessageMatching("(?s)(line \\d+: |no YAML: ).*");
            }
        }
    }

    private DescriptorTree.@Nullable Match find(String... entries) {
        return find(tree, entries);
    }

    private static DescriptorTree.@Nullable Match find(DescriptorTree tree, String... entries) {
        var list = new Entry[entries.length / 2];
        Arrays.setAll(list, i -> new Entry(entries[2 * i], entries[2 * i + 1]));
        return tree.find(Arrays.asList(list));
    }
}
