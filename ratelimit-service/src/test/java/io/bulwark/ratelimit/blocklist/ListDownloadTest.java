package io.bulwark.ratelimit.blocklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListDownloadTest {
    private final Vertx vertx = Vertx.vertx();
    private final ListServer server = new ListServer();
    private final ListDownload download = download("127.0.0.0/8", Duration.ofSeconds(30));

    @AfterEach
    void close() {
        server.close();
        vertx.close();
    }

    @Test
    void aListIsFetchedOnceAndThenOnlyAskedWhetherItChanged() throws FetchFailed {
        server.publish("/list?x=1", "\"a\"", "203.0.113.7\n");

        var first = download.fetch(server.url("/list?x=1"), null, null);
        var second = download.fetch(server.url("/list?x=1"), first.etag(), first.lastModified());

        assertThat(first.body()).asString().isEqualTo("203.0.113.7\n");
        assertThat(first.etag()).isEqualTo("\"a\"");
        assertThat(second.body()).isNull();
        assertThat(second.etag()).isEqualTo("\"a\"");
    }

    @Test
    void redirectsAreFollowedAFewTimes() throws FetchFailed {
        server.publish("/list", "\"a\"", "203.0.113.7\n");
        server.redirect("/moved", 301, "/again");
        server.redirect("/again", 307, server.url("/list"));
        server.redirect("/round", 302, "/round");

        assertThat(download.fetch(server.url("/moved"), null, null).body()).isNotEmpty();
        assertThatThrownBy(() -> download.fetch(server.url("/round"), null, null))
                .hasMessageContaining("redirects more than 5 times");
        assertThat(server.asked("/round")).isEqualTo(6);
    }

    @Test
    void aRedirectIsNoWayIntoTheHouse() {
        server.redirect("/inside", 302, "http://169.254.169.254/latest/meta-data");
        server.redirect("/file", 302, "file:///etc/passwd");
        server.redirect("/rubbish", 302, "http://[");

        assertThatThrownBy(() -> download.fetch(server.url("/inside"), null, null))
                .hasMessageContaining("not public");
        assertThatThrownBy(() -> download.fetch(server.url("/file"), null, null))
                .hasMessageContaining("http");
        assertThatThrownBy(() -> download.fetch(server.url("/rubbish"), null, null))
                .hasMessageContaining("no URL");
    }

    @Test
    void nothingOfThisMachineIsAskedUnlessThatIsAllowed() {
        server.publish("/list", "\"a\"", "203.0.113.7\n");

        assertThatThrownBy(() -> download("10.0.0.0/8", Duration.ofSeconds(30)).fetch(server.url("/list"), null, null))
                .hasMessageContaining("not public");
        assertThat(server.asked("/list")).isZero();
    }

    @Test
    void whatIsTooLongIsBrokenOff() {
        server.publish("/long", "\"a\"", "203.0.113.7\n".repeat(100_000));

        assertThatThrownBy(() -> download.fetch(server.url("/long"), null, null))
                .hasMessage("It has more than 1000 bytes");
    }

    @Test
    void whatIsNotThereFailsAndSaysWhy() throws IOException {
        server.fail("/broken", 503);
        int nobodys;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodys = socket.getLocalPort();
        }

        assertThatThrownBy(() -> download.fetch(server.url("/broken"), null, null))
                .hasMessage("Its source answers 503");
        assertThatThrownBy(() -> download.fetch("http://127.0.0.1:" + nobodys, null, null))
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void aSourceThatNeverAnswersIsGivenUp() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            var url = "http://127.0.0.1:" + silent.getLocalPort() + "/";

            assertThatThrownBy(
                            () -> download("127.0.0.0/8", Duration.ofSeconds(1)).fetch(url, null, null))
                    .hasMessage("Its source takes longer than PT1S");
        }
    }

    @Test
    void redirectsGetNoTimeOfTheirOwn() {
        server.redirect("/first", 302, "/second");
        server.publish("/second", "\"a\"", "203.0.113.7\n");
        server.delay("/first", Duration.ofMillis(1_200));
        server.delay("/second", Duration.ofMillis(1_400));

        assertThatThrownBy(() -> download("127.0.0.0/8", Duration.ofSeconds(2)).fetch(server.url("/first"), null, null))
                .hasMessage("Its source takes longer than PT2S");
    }

    private ListDownload download(String allowed, Duration timeout) {
        var settings = new Settings(List.of(allowed), 1_000, timeout);
        return new ListDownload(vertx, new SourceGuard(settings), settings);
    }
}
