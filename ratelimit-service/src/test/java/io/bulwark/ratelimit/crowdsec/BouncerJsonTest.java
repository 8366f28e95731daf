package io.bulwark.ratelimit.crowdsec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What bouncers parse by patterns and compare by bytes. */
class BouncerJsonTest {
    private static final long NOW = 1_750_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final Terms DETECTED = new Terms("bulwark", "bulwark/login", "ban");
    private static final String FIRST = """
            {"duration":"4h0m0s","id":%d,"origin":"bulwark","scenario":"bulwark/login","scope":"Ip","type":"ban","value":"203.0.113.7"}""";
    private static final String ENDED = """
            {"duration":"-2s","id":%d,"origin":"bulwark","scenario":"bulwark/login","scope":"Ip","type":"ban","value":"203.0.113.7"}""";

    private final Ledger ledger = new Ledger("shop");

    @Test
    void nothingIsTheFourBytesNull() throws Exception {
        assertThat(asked("ip", "203.0.113.7")).isEqualTo("null");
        assertThat(asked()).isEqualTo("null");
        assertThat(streamed(-1)).isEqualTo("{\"new\":null,\"deleted\":null}");
    }

    @Test
    void aDecisionIsTheOriginalsByteForByte() throws Exception {
        put("203.0.113.7", NOW + 4 * HOUR, 1);

        assertThat(asked("ip", "203.0.113.7")).isEqualTo("[" + FIRST.formatted(id()) + "]");
        assertThat(streamed(-1)).isEqualTo("{\"new\":[" + FIRST.formatted(id()) + "],\"deleted\":null}");
    }

    @Test
    void whatEndedIsDeletedWithItsFormerTermsAndItsId() {
        put("203.0.113.7", NOW + 4 * HOUR, 1);
        var read = ledger.end();

        ledger.put(key("203.0.113.7"), null, NOW - 2_500, 2, NOW);

        assertThat(streamed(read)).isEqualTo("{\"new\":null,\"deleted\":[" + ENDED.formatted(id()) + "]}");
    }

    @Test
    void textOfPeopleIsEscaped() throws Exception {
        ledger.put(key("203.0.113.8"), new Terms("bulwark-manual", "a \"b\"\\\n", "ban"), NOW + HOUR, 1, 0);

        assertThat(asked("ip", "203.0.113.8")).contains("\"scenario\":\"a \\\"b\\\"\\\\\\n\"");
    }

    @Test
    void anIdIsAnIntegerThatJavaScriptHoldsAndTheSameForEveryRenewal() {
        put("203.0.113.7", NOW + HOUR, 1);
        var first = id();
        put("203.0.113.7", NOW + 2 * HOUR, 2);

        assertThat(id()).isEqualTo(first).isBetween(0L, (1L << 53) - 1);
    }

    @Test
    void durationsAlwaysHaveTheirSeconds() {
        assertThat(List.of(0L, 1L, 59L, 60L, 3_599L, 3_600L, 86_400L, 360_000_000L, -1L, -3_661L))
                .map(BouncerJsonTest::duration)
                .containsExactly(
                        "0s", "1s", "59s", "1m0s", "59m59s", "1h0m0s", "24h0m0s", "100000h0m0s", "-1s", "-1h1m1s");
    }

    @Test
    void whatIsLeftIsRoundedUpAndWhatIsOverIsNegative() throws Exception {
        put("203.0.113.7", NOW + 1, 1);
        assertThat(asked()).startsWith("[{\"duration\":\"1s\"");

        ledger.put(key("203.0.113.7"), null, NOW, 2, 0);
        assertThat(streamed(-1)).contains("\"deleted\":[{\"duration\":\"-1s\"");
    }

    private void put(String target, long until, long version) {
        ledger.put(key(target), DETECTED, until, version, 0);
    }

    private long id() {
        return ledger.all().iterator().next().id();
    }

    private String asked(String... parameters) throws Filter.Unfilterable {
        var map = MultiMap.caseInsensitiveMultiMap();
        for (var i = 0; i < parameters.length; i += 2) {
            map.add(parameters[i], parameters[i + 1]);
        }
        return BouncerJson.decisions(ledger, Filter.ofQuery(map), NOW).toString();
    }

    private String streamed(long after) {
        var filter = Filter.ofStream(MultiMap.caseInsensitiveMultiMap());
        return BouncerJson.stream(ledger, after, NOW + 1, filter, NOW).toString();
    }

    private static Key key(String target) {
        return Key.of(Network.parse(target));
    }

    private static String duration(long seconds) {
        var text = Buffer.buffer();
        GoDuration.write(text, seconds);
        return text.toString();
    }
}
