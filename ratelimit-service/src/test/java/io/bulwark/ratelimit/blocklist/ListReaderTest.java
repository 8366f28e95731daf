package io.bulwark.ratelimit.blocklist;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.bulwark.kit.net.Network;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListReaderTest {
    @Test
    void aPlainListIsReadAsPublishersWriteIt() throws FetchFailed {
        var list = """
                ; Spamhaus DROP List 2026/11/24
                # FireHOL
                // others
                1.10.16.0/20 ; SBL256894
                203.0.113.7
                203.0.113.8,malware,2026-11-24

                2001:db8::/32\tsomebody
                203.0.113.7 # again
                """;

        assertThat(read(ListFormat.PLAIN, list))
                .containsExactly("1.10.16.0/20", "203.0.113.7", "203.0.113.8", "2001:db8::/32");
    }

    @Test
    void csvHasItsNetworksInTheFirstColumnUnderAHeaderOrNone() throws FetchFailed {
        assertThat(read(ListFormat.CSV, "\"ip\",\"score\"\r\n\"203.0.113.7\",\"9\"\r\n203.0.113.8,3\r\n"))
                .containsExactly("203.0.113.7", "203.0.113.8");
        assertThat(read(ListFormat.CSV, "203.0.113.7,9\n")).containsExactly("203.0.113.7");
    }

    @Test
    void jsonHasAnObjectALine() throws FetchFailed {
        assertThat(read(ListFormat.JSON, """
                        {"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}
                        {"ip":"203.0.113.7"}
                        {"type":"metadata","timestamp":1732406401,"size":2}
                        """)).containsExactly("1.10.16.0/20", "203.0.113.7");
    }

    @Test
    void oddLinesAndWhatWouldShutOutTheHouseAreLeftOutAndCounted() throws FetchFailed {
        var reader = new ListReader(ListFormat.PLAIN, 10, network -> !SpecialNetworks.touch(network));

        var list = reader.read("203.0.113.7\n203.0.113.8\n203.0.113.7/24\n10.0.0.0/8\n::/0\n".getBytes(UTF_8));

        assertThat(list.networks()).hasSize(2);
        assertThat(reader.refused()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "<html>\n<body>\nSign in\n", "203.0.113.7\nx\ny\n", "127.0.0.1\n"})
    void whatIsNoListIsNotTaken(String body) {
        assertThatThrownBy(() -> read(ListFormat.PLAIN, body)).isInstanceOf(FetchFailed.class);
    }

    @Test
    void aListWithMoreEntriesThanWantedIsNotTaken() {
        var body = IntStream.range(0, 11).mapToObj(i -> "203.0.113." + i).collect(Collectors.joining("\n"));

        assertThatThrownBy(() -> read(ListFormat.PLAIN, body)).hasMessage("It has more than 10 entries");
    }

    /** Each of them has the same hash code, whatever its upper half. */
    @Test
    void aListThatIsMadeToTakeLongDoesNot() {
        var body = new StringBuilder();
        for (var upper = 0; upper < 50_000; upper++) {
            var high = 0x2a01_0000_0000_0000L + upper;
            var low = -31 * high;
            body.append(Network.of(
                            ByteBuffer.allocate(16).putLong(high).putLong(low).array()))
                    .append('\n');
        }
        var reader = new ListReader(ListFormat.PLAIN, 50_000, network -> true);

        var list = assertTimeout(SOON, () -> reader.read(body.toString().getBytes(UTF_8)));

        assertThat(list.networks()).hasSize(50_000);
    }

    @Test
    void whatIsStoredIsReadAsItWas() throws FetchFailed {
        var reader = new ListReader(ListFormat.PLAIN, 10, network -> true);
        var list = reader.read("::1\n203.0.113.0/24\n2001:db8::/47\n203.0.113.7\n0.0.0.0/1\n".getBytes(UTF_8));

        assertThat(NetworkList.decode(list.encode())).isEqualTo(list);
        assertThat(list.networks()).contains(Network.parse("203.0.113.0/24"), Network.parse("2001:db8::/47"));
    }

    private static List<String> read(ListFormat format, String body) throws FetchFailed {
        return new ListReader(format, 10, network -> !network.isLoopback())
                .read(body.getBytes(UTF_8)).networks().stream()
                        .map(Network::toString)
                        .toList();
    }
}
