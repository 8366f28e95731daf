package io.bulwark.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.events.SecurityEvent.LoginFailed;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventBindingTest {
    private static final String TYPE = "io.bulwark.auth.login-failed.v1";
    private static final LoginFailed EVENT =
            new LoginFailed("203.0.113.7", "jo@shop.example", null, LoginFailed.Reason.UNKNOWN_ACCOUNT);

    private final Headers headers = Contract.headersOf(TYPE);

    @Test
    void whatIsWrittenIsRead() throws UnreadableEvent {
        var envelope = new Envelope(
                EventIds.next().toString(),
                "/bulwark/auth-service",
                TYPE,
                EVENT.subject(),
                Instant.parse("2026-01-15T09:30:00.000000001Z"),
                "shop",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        var written = new RecordHeaders();
        CloudEventBinding.headers(envelope).forEach((name, value) -> written.add(name, value.getBytes(UTF_8)));

        var read = CloudEventBinding.read(written, CloudEventBinding.data(EVENT), SecurityEvent.class);

        assertThat(read).contains(new CloudEvent<>(envelope, EVENT));
    }

    @Test
    void absentAttributesHaveTheirDefaults() throws UnreadableEvent {
        headers.remove("ce_subject")
                .remove("ce_application")
                .remove("traceparent")
                .remove("content-type");

        var envelope = CloudEventBinding.envelope(headers);

        assertThat(envelope.application()).isEqualTo("default");
        assertThat(envelope.subject()).isNull();
        assertThat(envelope.traceparent()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.bulwark.auth.login-failed.v2", "com.example.other", "io.bulwark.incident.opened.v1"})
    void typeUnknownToTheTopicIsPassedOver(String type) throws UnreadableEvent {
        assertThat(CloudEventBinding.read(Contract.headersOf(type), "[]".getBytes(UTF_8), SecurityEvent.class))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"})
    void recordWithoutARequiredAttributeIsUnreadable(String name) {
        headers.remove(name);

        assertThatThrownBy(() -> CloudEventBinding.envelope(headers))
                .isInstanceOf(UnreadableEvent.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 0.3",
        "ce_time, yesterday",
        "ce_time, 2026-02-30T00:00:00Z",
        "ce_time, +999999999-01-01T00:00:00Z",
        "ce_time, 2026-01-15T09:30:00"
    })
    void recordWithAMalformedAttributeIsUnreadable(String name, String value) {
        headers.remove(name).add(name, value.getBytes(UTF_8));

        assertThatThrownBy(() -> CloudEventBinding.envelope(headers)).isInstanceOf(UnreadableEvent.class);
    }

    @Test
    void attributeOfAKilobyteAndMoreIsUnreadable() {
        headers.add("ce_subject", "x".repeat(1_025).getBytes(UTF_8));

        assertThatThrownBy(() -> CloudEventBinding.envelope(headers)).isInstanceOf(UnreadableEvent.class);
    }

    @Test
    void controlCharacterInAnAttributeIsUnreadable() {
        headers.add("ce_subject", "a\0b".getBytes(UTF_8));

        assertThatThrownBy(() -> CloudEventBinding.envelope(headers)).isInstanceOf(UnreadableEvent.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"address\":\"203.0.113.7\",\"account\":\"jo\",\"reason\":\"BAD_LUCK\"}",
                "{\"address\":\"203.0.113.7\",\"account\":\"jo\",\"reason\":\"WRONG_PASSWORD\"} {}",
                "{\"address\":\"203.0.113.7\",\"account\":\"j\\u0000o\",\"reason\":\"WRONG_PASSWORD\"}",
                "{\"address\":{\"ip\":\"203.0.113.7\"},\"account\":\"jo\",\"reason\":\"WRONG_PASSWORD\"}"
            })
    void dataThatIsNotOfTheTypeIsUnreadable(String data) {
        assertThatThrownBy(() -> CloudEventBinding.read(headers, data.getBytes(UTF_8), SecurityEvent.class))
                .isInstanceOf(UnreadableEvent.class);
    }

    @Test
    void escapedBackslashBeforeU0000IsNoNul() throws UnreadableEvent {
        var data = "{\"address\":\"203.0.113.7\",\"account\":\"\\\\u0000\",\"reason\":\"WRONG_PASSWORD\"}";

        var read = CloudEventBinding.read(headers, data.getBytes(UTF_8), SecurityEvent.class);

        assertThat(read.orElseThrow().data()).extracting("account").isEqualTo("\\u0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"+1000000-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59-01:00\"", "1768469400", "\"soon\""})
    void timeInDataIsFourDigitRfc3339(String until) {
        var data = "{\"userId\":\"u\",\"account\":\"jo\",\"address\":\"203.0.113.7\",\"failures\":10,\"until\":" + until
                + "}";

        assertThatThrownBy(() -> CloudEventBinding.read(
                        Contract.headersOf("io.bulwark.auth.account-locked.v1"),
                        data.getBytes(UTF_8),
                        SecurityEvent.class))
                .isInstanceOf(UnreadableEvent.class);
    }
}
