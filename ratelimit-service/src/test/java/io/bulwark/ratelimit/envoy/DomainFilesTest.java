package io.bulwark.ratelimit.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directory of the domains' files, which whoever runs the service may change while it runs. */
class DomainFilesTest {
    @TempDir
    Path directory;

    @Test
    void whatChangesInTheDirectoryIsInForceAtTheNextLook() throws IOException {
        write("edge.yaml", "edge", 5);
        var files = known();
        assertThat(quota(files, "edge")).isEqualTo(5);

        write("edge.yaml", "edge", 7);
        write("api.yml", "api", 9);
        write("notes.txt", "notes", 1);
        files.check();

        assertThat(quota(files, "edge")).isEqualTo(7);
        assertThat(quota(files, "api")).isEqualTo(9);
        assertThat(quota(files, "notes")).isNull();

        Files.delete(directory.resolve("edge.yaml"));
        files.check();

        assertThat(quota(files, "edge")).isNull();
        assertThat(quota(files, "api")).isEqualTo(9);
    }

    @Test
    void whileAFileIsWrongAllStaysAsItWas() throws IOException {
        write("edge.yaml", "edge", 5);
        var files = known();

        write("api.yaml", "api", 9);
        Files.writeString(directory.resolve("edge.yaml"), "domain: edge\nrubbish: 1\n");
        files.check();
        files.check();

        assertThat(quota(files, "edge")).isEqualTo(5);
        assertThat(quota(files, "api")).isNull();

        write("edge.yaml", "edge", 6);
        files.check();

        assertThat(quota(files, "edge")).isEqualTo(6);
        assertThat(quota(files, "api")).isEqualTo(9);
    }

    @Test
    void whileTheDirectoryIsGoneAllStaysAsItWas() throws IOException {
        write("edge.yaml", "edge", 5);
        var files = known();

        Files.delete(directory.resolve("edge.yaml"));
        Files.delete(directory);
        files.check();

        assertThat(quota(files, "edge")).isEqualTo(5);
    }

    @Test
    void aFileThatIsWrongAtTheStartKeepsTheServiceFromStarting() throws IOException {
        Files.writeString(directory.resolve("edge.yaml"), "domain: edge\nrubbish: 1\n");

        assertThatThrownBy(this::known)
                .isInstanceOf(InvalidDomainFile.class)
                .hasMessageContaining("edge.yaml: line 2: unknown key 'rubbish'");
    }

    private DomainFiles known() {
        return new DomainFiles("default", () -> DomainFiles.read(directory), EdgeLimits.tallies());
    }

    private void write(String file, String domain, int requests) throws IOException {
        Files.writeString(directory.resolve(file), """
                domain: %s
                descriptors:
                  - key: any
                    rate_limit: {unit: minute, requests_per_unit: %d}
                """.formatted(domain, requests));
    }

    private static @Nullable Long quota(DomainFiles files, String domain) {
        var tree = files.find("default", domain);
        return tree == null
                ? null
                : tree.find(List.of(new Entry("any", "x"))).rule().limit().quota();
    }
}
