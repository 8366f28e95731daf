package io.bulwark.ratelimit.forwardauth;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.decision.Decision;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told that is refused, whatever the gateway speaks: problems of draft-ietf-httpapi-ratelimit-headers-11,
 * section 8. Built once as far as can be: refusing must cost less than allowing.
 *
 * @param retryAfterSeconds 0 where asking again will not help
 * @param statusPage for {@code Link} of relation {@code status} (RFC 8631, section 4.4); null where there is none
 */
public record Refusal(
        int status,
        long retryAfterSeconds,
        Buffer body,
        @Nullable String statusPage) {
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";
    private static final int MAX_JITTER_SECONDS = 60;
    private static final int JITTER_SHARE = 8;

    private static final Buffer BLOCKED = Buffer.buffer(problem(
                    "abnormal-usage-detected",
                    "Request not satisfied due to detection of abnormal request pattern",
                    403)
            .put("detail", "This address is blocked")
            .encode());
    private static final String LIMITED =
            open(problem("quota-exceeded", "Request cannot be satisfied as assigned quota has been exceeded", 429));

    private static final String MAINTENANCE = open(problem(
            "temporary-reduced-capacity",
            "Request cannot be satisfied due to temporary server capacity constraints",
            503));
    private static final String LOCKDOWN = open(new JsonObject()
            .put("type", Problem.TYPE_BASE + "lockdown")
            .put("title", "Forbidden")
            .put("status", 403)
            .put("detail", "Only clients that are known are served for now"));

    /** What {@code Link} says; for a refusal with a status page. */
    public String link() {
        return "<" + statusPage + ">; rel=\"status\"";
    }

    /** @throws IllegalArgumentException where it is no refusal */
    public static Refusal of(Decision decision, Network client) {
        var retry = decision.retryAfterSeconds() == 0 ? 0 : jittered(decision.retryAfterSeconds(), client);
        return switch (decision.outcome()) {
            case BLOCKED -> new Refusal(403, retry, BLOCKED, null);
            case LIMITED -> new Refusal(429, retry, limited(decision), null);
            case MAINTENANCE -> new Refusal(503, retry, closed(MAINTENANCE, decision), decision.statusPage());
            case LOCKDOWN -> new Refusal(403, retry, closed(LOCKDOWN, decision), decision.statusPage());
            default -> throw new IllegalArgumentException(decision.outcome() + " is no refusal");
        };
    }

    /** The limits' names need no escapes: see {@code LimitRule}. */
    private static Buffer limited(Decision decision) {
        var standing = decision.standing();
        var violated = standing == null ? "" : '"' + String.join("\",\"", standing.violated()) + '"';
        return Buffer.buffer(LIMITED + ",\"violated-policies\":[" + violated + "]}");
    }

    /** A status page's address needs no escapes: see {@code PostureResource}. */
    private static Buffer closed(String problem, Decision decision) {
        var page = decision.statusPage();
        return Buffer.buffer(page == null ? problem + '}' : problem + ",\"status-page\":\"" + page + "\"}");
    }

    /**
     * Later by up to an eighth and a minute at most, so that those who were refused together do not return together; the
     * same for one client, which learns nothing by asking again. Never earlier.
     */
    static long jittered(long seconds, Network client) {
        var spread = Math.clamp(seconds / JITTER_SHARE, 1, MAX_JITTER_SECONDS);
        var mixed = client.hashCode() * 0x9E3779B97F4A7C15L;
        return seconds + Long.remainderUnsigned(mixed >>> 32, spread + 1L);
    }

    private static JsonObject problem(String type, String title, int status) {
        return new JsonObject().put("type", TYPES + type).put("title", title).put("status", status);
    }

    private static String open(JsonObject problem) {
        var text = problem.encode();
        return text.substring(0, text.length() - 1);
    }
}
