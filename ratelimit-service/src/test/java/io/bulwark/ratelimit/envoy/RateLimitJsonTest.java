package io.bulwark.ratelimit.envoy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.decision.Refusal;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Descriptor;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import io.bulwark.ratelimit.envoy.RateLimitQuery.OwnLimit;
import io.bulwark.ratelimit.envoy.RateLimitReply.Current;
import io.bulwark.ratelimit.envoy.RateLimitReply.Status;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitJsonTest {
    private static final RateLimitQuery ALL = new RateLimitQuery(
            "edge",
            List.of(new Descriptor(
                    List.of(new Entry("a", "b"), new Entry("c", "")), new OwnLimit(5, LimitUnit.MINUTE.number()), 3L)),
            2);

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"domain":"edge","hitsAddend":2,"descriptors":[{"entries":[{"key":"a","value":"b"},{"key":"c"}],
                 "limit":{"requestsPerUnit":5,"unit":"MINUTE"},"hitsAddend":"3"}]}""", """
                {"domain":"edge","hits_addend":"2","descriptors":[{"entries":[{"key":"a","value":"b"},{"key":"c","value":null}],
                 "limit":{"requests_per_unit":5e0,"unit":2},"hits_addend":3}]}"""})
    void bothSpellingsOfProtobufsJsonAreRead(String json) throws IOException {
        assertThat(read(json)).isEqualTo(ALL);
    }

    @Test
    void whatIsLeftOutIsTheDefault() throws IOException {
        assertThat(read("{}")).isEqualTo(new RateLimitQuery("", List.of(), 0));
        assertThat(read("{\"domain\":null,\"descriptors\":[{}]}"))
                .isEqualTo(new RateLimitQuery("", List.of(new Descriptor(List.of(), null, null)), 0));
        assertThat(read("{\"descriptors\":[{\"hitsAddend\":\"18446744073709551615\"}]}")
                        .descriptors()
                        .get(0)
                        .hitsAddend())
                .isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}{}",
                "{\"domain\":1}",
                "{\"domain\":\"a\",\"domain\":\"b\"}",
                "{\"other\":1}",
                "{\"descriptors\":{}}",
                "{\"descriptors\":[null]}",
                "{\"descriptors\":[{\"entries\":[{\"key\":\"a\",\"other\":\"b\"}]}]}",
                "{\"descriptors\":[{\"limit\":{\"unit\":\"FORTNIGHT\"}}]}",
                "{\"hitsAddend\":-1}",
                "{\"hitsAddend\":1.5}",
                "{\"hitsAddend\":4294967296}",
                "{\"hitsAddend\":1e999999999}",
                "{\"hitsAddend\":\" 1\"}",
                "{\"hitsAddend\":true}",
                "{\"hitsAddend\":1,\"hits_addend\":1}",
            })
    void whatProtobufWouldNotReadIsNotRead(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerIsWrittenAsEnvoyproxysIs() {
        var minute = new Current(5, LimitUnit.MINUTE.number(), "");
        assertThat(write(new RateLimitReply(List.of(new Status(false, minute, 4, 26)), null)))
                .isEqualTo("""
                        {"overallCode":"OK","statuses":[{"code":"OK","currentLimit":{"requestsPerUnit":5,"unit":"MINUTE"},\
                        "limitRemaining":4,"durationUntilReset":"26s"}]}""");
        var refusal = Refusal.of(Decision.refused(Outcome.BLOCKED, 7));
        assertThat(write(new RateLimitReply(
                        List.of(Status.UNRULED, Status.UNLIMITED, new Status(true, new Current(0, 0, "blocked"), 0, 7)),
                        refusal)))
                .isEqualTo("""
                        {"overallCode":"OVER_LIMIT","statuses":[{"code":"OK"},{"code":"OK","limitRemaining":4294967295},\
                        {"code":"OVER_LIMIT","currentLimit":{"name":"blocked"},"durationUntilReset":"7s"}],\
                        "responseHeadersToAdd":[{"key":"content-type","value":"application/problem+json"},\
                        {"key":"cache-control","value":"no-store"},{"key":"retry-after","value":"7"}],"rawBody":"%s"}""".formatted(Base64.getEncoder().encodeToString(refusal.body())));
    }

    private static RateLimitQuery read(String json) throws IOException {
        return RateLimitJson.read(json.getBytes(UTF_8));
    }

    private static String write(RateLimitReply reply) {
        return RateLimitJson.write(reply).toString();
    }
}
