package io.bulwark.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComplaintTest {
    @Test
    void theFirstErrorIsTheReason() {
        assertThat(of("pg_dump: warning: something", "pg_dump: error: connection failed: FATAL:  no", "more"))
                .isEqualTo("connection failed: FATAL:  no");
    }

    @Test
    void withoutAnErrorTheFirstLineIs() {
        assertThat(of("", "Killed by somebody")).isEqualTo("Killed by somebody");
        assertThat(of()).isNull();
    }

    @Test
    void aPgDumpOlderThanTheServerIsSaidPlainly() {
        assertThat(of(
                        "pg_dump: error: aborting because of server version mismatch",
                        "pg_dump: detail: server version: 17.2 (Debian 17.2-1); pg_dump version: 15.18"))
                .isEqualTo("pg_dump 15.18 is older than the server, 17.2: a newer postgresql-client is needed");
    }

    @Test
    void secretsAreTakenOut() {
        assertThat(of("pg_dump: error: hunter2 was refused")).isEqualTo("*** was refused");
        assertThat(of("pg_dump: error: at postgresql://app:other@db/shop")).isEqualTo("at postgresql://***@db/shop");
        assertThat(of("pg_dump: error: bad conninfo host=db password=other x"))
                .isEqualTo("bad conninfo host=db password=*** x");
    }

    @Test
    void theReasonIsOneShortLine() {
        assertThat(of("pg_dump: error: a\u0000b\tc" + "x".repeat(1000)))
                .startsWith("a b c")
                .hasSize(300);
    }

    private static String of(String... lines) {
        var complaint = new Complaint("hunter2");
        for (var line : lines) {
            complaint.read(line);
        }
        return complaint.text();
    }
}
