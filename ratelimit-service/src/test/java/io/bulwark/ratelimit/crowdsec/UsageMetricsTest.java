package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageMetricsTest {
    static final String REPORT = """
            {"remediation_components":[{"version":"v1","utc_startup_timestamp":1,"metrics":[{"items":[],\
            "meta":{"window_size_seconds":9,"utc_now_timestamp":1}}]}]}""";

    @Test
    void aReportIsTakenPlainOrPacked() throws IOException {
        assertThat(UsageMetrics.statusOf(Buffer.buffer(REPORT), false)).isEqualTo(201);
        assertThat(UsageMetrics.statusOf(gzip(REPORT), true)).isEqualTo(201);
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        assertThat(UsageMetrics.statusOf(Buffer.buffer("{"), false)).isEqualTo(400);
        assertThat(UsageMetrics.statusOf(Buffer.buffer(REPORT), true)).isEqualTo(400);
        assertThat(UsageMetrics.statusOf(Buffer.buffer(""), false)).isEqualTo(400);
        assertThat(UsageMetrics.statusOf(Buffer.buffer("{}"), false)).isEqualTo(400);
        assertThat(UsageMetrics.statusOf(Buffer.buffer("{\"remediation_components\":[]}"), false))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"version", "utc_startup_timestamp", "meta", "window_size_seconds", "utc_now_timestamp", "items"})
    void aReportThatDoesNotSayWhatItMustIsInvalid(String missing) {
        var report = REPORT.replace('"' + missing + '"', "\"other\"");

        assertThat(UsageMetrics.statusOf(Buffer.buffer(report), false)).isEqualTo(422);
    }

    @Test
    void aSmallPacketThatUnpacksToMuchIsRefused() throws IOException {
        assertThat(UsageMetrics.statusOf(gzip(" ".repeat(10 << 20) + REPORT), true))
                .isEqualTo(400);
    }

    static Buffer gzip(String text) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return Buffer.buffer(packed.toByteArray());
    }
}
