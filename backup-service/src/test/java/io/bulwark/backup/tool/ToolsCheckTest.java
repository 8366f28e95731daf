package io.bulwark.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.backup.tool.PostgresTools.Installed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ToolsCheckTest {
    private static final Installed FIFTEEN = new Installed(Path.of("/usr/bin"), 15, 18);

    @Test
    void missingToolsAreToldWithWhatCannotBeDoneAndHowToGetThem() {
        assertThat(ToolsCheck.shortcoming(null, 15))
                .hasValueSatisfying(told -> assertThat(told)
                        .startsWith("Nothing can be backed up: ")
                        .contains("install them with: "));
    }

    @Test
    void toolsThatAreOlderThanTheServerAreTold() {
        assertThat(ToolsCheck.shortcoming(FIFTEEN, 17))
                .hasValueSatisfying(told -> assertThat(told)
                        .contains("pg_dump 15.18 is older than its server, 17")
                        .endsWith("install a postgresql-client of version 17 or newer"));
    }

    @Test
    void toolsOfTheServersVersionAndNewerOnesWillDo() {
        assertThat(ToolsCheck.shortcoming(FIFTEEN, 15)).isEmpty();
        assertThat(ToolsCheck.shortcoming(FIFTEEN, 14)).isEmpty();
    }
}
