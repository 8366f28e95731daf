package io.bulwark.ratelimit.crowdsec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final Terms LOGIN = new Terms("bulwark", "bulwark/Login-failures", "ban");
    private static final Key ADDRESS = Key.of(Network.parse("203.0.113.7"));
    private static final Key RANGE = Key.of(Network.parse("203.0.113.0/24"));
    private static final Key COUNTRY = new Key(DecisionScope.COUNTRY, "FR", null);

    @ParameterizedTest
    @CsvSource({
        "scopes, 'ip,range', true, true, false",
        "scopes, Country, false, false, true",
        "scope, RANGE, false, true, false",
        "scopes, as, false, false, false",
        "origins, 'cscli,bulwark', true, true, true",
        "origins, cscli, false, false, false",
        "scenarios_containing, 'ssh,LOGIN', true, true, true",
        "scenarios_containing, ssh, false, false, false",
        "scenarios_not_containing, login, false, false, false",
        "scenarios_not_containing, ssh, true, true, true",
        "type, ban, true, true, true",
        "type, captcha, false, false, false",
        "value, 203.0.113.7, true, false, false",
        "banned, true, true, true, true",
        "scopes, '', true, true, true",
    })
    void aListIsNarrowedByEachParameter(String name, String value, boolean address, boolean range, boolean country)
            throws Exception {
        var filter = Filter.ofQuery(MultiMap.caseInsensitiveMultiMap().add(name, value));

        assertThat(passes(filter, ADDRESS)).isEqualTo(address);
        assertThat(passes(filter, RANGE)).isEqualTo(range);
        assertThat(passes(filter, COUNTRY)).isEqualTo(country);
    }

    @Test
    void aStreamIsOfAddressesAndRangesUnlessItAsksForMore() {
        var plain = Filter.ofStream(MultiMap.caseInsensitiveMultiMap());
        var wide = Filter.ofStream(MultiMap.caseInsensitiveMultiMap().add("scopes", "Ip,Range,Country"));

        assertThat(passes(plain, ADDRESS)).isTrue();
        assertThat(passes(plain, COUNTRY)).isFalse();
        assertThat(passes(wide, COUNTRY)).isTrue();
    }

    @Test
    void withoutContainsItIsWhatLiesInTheRange() throws Exception {
        var parameters = MultiMap.caseInsensitiveMultiMap()
                .add("range", "203.0.113.0/25")
                .add("contains", "false");
        var filter = Filter.ofQuery(parameters);

        assertThat(passes(filter, ADDRESS)).isTrue();
        assertThat(passes(filter, RANGE)).isFalse();
        assertThat(passes(filter, COUNTRY)).isFalse();
    }

    @Test
    void bitsBelowAPrefixAreLetThrough() throws Exception {
        var filter = Filter.ofQuery(MultiMap.caseInsensitiveMultiMap().add("range", "203.0.113.77/24"));

        assertThat(filter.network()).isEqualTo(Network.parse("203.0.113.0/24"));
    }

    @Test
    void whatIsMappedToIPv6IsIPv4() throws Exception {
        assertThat(query("ip", "::ffff:203.0.113.7").network()).isEqualTo(Network.parse("203.0.113.7"));
        assertThat(query("range", "::ffff:203.0.113.7/120").network()).isEqualTo(Network.parse("203.0.113.0/24"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "notanip", "1", "1.2.3", "010.1.1.1"})
    void whatIsNoAddressIsNamedAsTheOriginalNamesIt(String text) {
        assertThatThrownBy(() -> query("ip", text))
                .hasMessage("unable to convert '" + text + "' to int: invalid address: invalid ip address / range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "::1/129", "::ffff:1.2.3.4/95", "1.2.3.4/8/8"})
    void whatIsNoRangeIsNamedAsTheOriginalNamesIt(String text) {
        assertThatThrownBy(() -> query("range", text))
                .hasMessage("unable to convert '" + text + "' to int: while parsing range " + text
                        + ": invalid CIDR address: " + text + ": invalid ip address / range");
    }

    @Test
    void whatContainsSaysIsReadAsGoReadsIt() throws Exception {
        assertThat(query("contains", "T").within()).isFalse();
        assertThat(query("contains", "0").within()).isTrue();
        assertThatThrownBy(() -> query("contains", "yes"))
                .hasMessage(
                        "invalid contains value : strconv.ParseBool: parsing \"yes\": invalid syntax: invalid filter");
    }

    private static boolean passes(Filter filter, Key key) {
        return filter.accepts(key) && filter.accepts(LOGIN);
    }

    private static Filter query(String name, String value) throws Exception {
        return Filter.ofQuery(MultiMap.caseInsensitiveMultiMap().add(name, value));
    }
}
