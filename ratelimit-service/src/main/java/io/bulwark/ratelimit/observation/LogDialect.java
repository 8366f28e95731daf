package io.bulwark.ratelimit.observation;

import com.fasterxml.jackson.databind.JsonNode;
import io.bulwark.kit.net.HopText;
import io.bulwark.kit.net.Network;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** How each product writes a request down in JSON. What to configure in each stands in docs/ratelimit/observations.md. */
enum LogDialect {
    /** {@code log_format bulwark escape=json} of our documentation: nginx has no JSON format of its own. */
    NGINX("client", "msec") {
        @Override
        LogLine read(JsonNode line) throws InvalidObservation {
            return new LogLine(
                    client("client", text(line, "client")),
                    epoch("msec", number(line, "msec")),
                    text(line, "uri"),
                    status(line, "status"),
                    millis("request_time", number(line, "request_time"), MILLIS_PER_SECOND));
        }
    },

    /** {@code json_format} of our documentation; {@code duration} is in milliseconds. */
    ENVOY("response_code", "downstream_remote_address") {
        @Override
        LogLine read(JsonNode line) throws InvalidObservation {
            return new LogLine(
                    client("downstream_remote_address", text(line, "downstream_remote_address")),
                    timestamp("start_time", text(line, "start_time")),
                    text(line, "path"),
                    status(line, "response_code"),
                    millis("duration", number(line, "duration"), BigDecimal.ONE));
        }
    },

    /** {@code accessLog.format: json}; {@code Duration} is in nanoseconds, {@code ClientHost} may be a whole list. */
    TRAEFIK("DownstreamStatus", "ClientHost") {
        @Override
        LogLine read(JsonNode line) throws InvalidObservation {
            var host = text(line, "ClientHost");
            return new LogLine(
                    client(
                            "ClientHost",
                            host.substring(host.lastIndexOf(',') + 1).strip()),
                    timestamp("StartUTC", text(line, "StartUTC")),
                    text(line, "RequestPath"),
                    status(line, "DownstreamStatus"),
                    millis("Duration", number(line, "Duration"), MILLIS_PER_NANO));
        }
    },

    /** Caddy's own; {@code client_ip} since 2.7, before that {@code remote_ip} alone. */
    CADDY("request", "ts") {
        @Override
        LogLine read(JsonNode line) throws InvalidObservation {
            var request = line.path("request");
            var client = request.has("client_ip") ? "client_ip" : "remote_ip";
            return new LogLine(
                    client("request." + client, text(request, client)),
                    line.path("ts").isTextual()
                            ? timestamp("ts", line.path("ts").asText())
                            : epoch("ts", number(line, "ts")),
                    text(request, "uri"),
                    status(line, "status"),
                    millis("duration", number(line, "duration"), MILLIS_PER_SECOND));
        }
    };

    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1_000);
    private static final BigDecimal MILLIS_PER_NANO = new BigDecimal("0.000001");
    private static final BigDecimal LONGEST_MILLIS = BigDecimal.valueOf(86_400_000L);
    private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);
    private static final int LONGEST_NUMBER = 40;
    private static final int MOST_DIGITS = 30;
    private static final int NANOS = 9;

    private final String[] marks;

    LogDialect(String... marks) {
        this.marks = marks;
    }

    abstract LogLine read(JsonNode line) throws InvalidObservation;

    /** Which product wrote this line. */
    static LogDialect of(JsonNode line) throws InvalidObservation {
        for (var dialect : values()) {
            if (line.has(dialect.marks[0]) && line.has(dialect.marks[1])) {
                return dialect;
            }
        }
        throw new InvalidObservation("", "is of no format that is known here");
    }

    private static String text(JsonNode line, String field) throws InvalidObservation {
        var value = line.get(field);
        if (value == null || !value.isTextual()) {
            throw new InvalidObservation(field, "must be a text");
        }
        return value.textValue();
    }

    /** Envoy writes numbers as text where the format mixes them with other text. */
    private static BigDecimal number(JsonNode line, String field) throws InvalidObservation {
        var value = line.path(field);
        var text = value.isNumber() || value.isTextual() ? value.asText() : "";
        try {
            if (text.length() <= LONGEST_NUMBER) {
                var number = new BigDecimal(text);
                if (Math.abs(number.scale()) <= MOST_DIGITS) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            throw new InvalidObservation(field, "must be a number");
        }
        throw new InvalidObservation(field, "must be a number");
    }

    private static int status(JsonNode line, String field) throws InvalidObservation {
        var status = number(line, field);
        Bounds.within(field, status.doubleValue(), 0, 999);
        return status.intValue();
    }

    private static double millis(String field, BigDecimal value, BigDecimal factor) throws InvalidObservation {
        var millis = value.multiply(factor);
        if (millis.signum() < 0 || millis.compareTo(LONGEST_MILLIS) > 0) {
            throw new InvalidObservation(field, "must be from nothing to a day");
        }
        return millis.doubleValue();
    }

    private static Instant epoch(String field, BigDecimal seconds) throws InvalidObservation {
        if (seconds.signum() < 0 || seconds.compareTo(LAST_SECOND) > 0) {
            throw new InvalidObservation(field, "must be seconds since 1970");
        }
        var whole = seconds.longValue();
        var nanos = seconds.subtract(BigDecimal.valueOf(whole))
                .movePointRight(NANOS)
                .setScale(0, RoundingMode.DOWN)
                .longValue();
        return Instant.ofEpochSecond(whole, nanos);
    }

    private static Instant timestamp(String field, String text) throws InvalidObservation {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidObservation(field, "must be RFC 3339");
        }
    }

    /** With its port or without, IPv6 in brackets or not. */
    private static Network client(String field, String text) throws InvalidObservation {
        var address = HopText.address(text);
        if (address == null) {
            throw new InvalidObservation(field, "is no address");
        }
        return address;
    }
}
