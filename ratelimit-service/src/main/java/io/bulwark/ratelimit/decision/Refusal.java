package io.bulwark.ratelimit.decision;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.block.Remediation;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a client is told that is refused, whatever the gateway speaks: problems of draft-ietf-httpapi-ratelimit-headers-11,
 * section 8.
 *
 * @param reference by which it is found again; empty where it is not
 * @param violated the limits that refuse, by names that need no escapes in JSON; empty where it is no limit that refuses
 */
public record Refusal(Decision decision, AsciiString reference, List<String> violated) {
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence REFERENCE_FIELD = HttpHeaders.createOptimized("X-Bulwark-Reference");
    private static final CharSequence REMEDIATION = HttpHeaders.createOptimized("X-Bulwark-Remediation");
    private static final CharSequence LINK = HttpHeaders.createOptimized("Link");

    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    private static final byte[] BLOCKED = open(abnormal("This address is blocked", Remediation.BAN));
    private static final byte[] CHALLENGED =
            open(abnormal("This address is served after a captcha only", Remediation.CAPTCHA));
    private static final byte[] LIMITED =
            open(problem("quota-exceeded", "Request cannot be satisfied as assigned quota has been exceeded", 429));

    private static final byte[] MAINTENANCE = open(problem(
            "temporary-reduced-capacity",
            "Request cannot be satisfied due to temporary server capacity constraints",
            503));
    private static final byte[] LOCKDOWN = open(new JsonObject()
            .put("type", Problem.TYPE_BASE + "lockdown")
            .put("title", "Forbidden")
            .put("status", 403)
            .put("detail", "Only clients that are known are served for now"));

    public static Refusal of(Decision decision) {
        var standing = decision.standing();
        return of(decision, standing == null ? List.of() : standing.violated());
    }

    /** @param violated see {@link #violated} */
    public static Refusal of(Decision decision, List<String> violated) {
        var reference = decision.reference();
        return new Refusal(decision, reference == null ? AsciiString.EMPTY_STRING : reference.ascii(), violated);
    }

    /** @throws IllegalStateException where it is no refusal */
    public int status() {
        return switch (decision.outcome()) {
            case BLOCKED, CHALLENGED, LOCKDOWN -> 403;
            case LIMITED -> 429;
            case MAINTENANCE -> 503;
            default -> throw new IllegalStateException(decision.outcome() + " is no refusal");
        };
    }

    /**
     * What goes with the status: when asking again may help, by what it is found again, what else the gateway may do than
     * refuse, and the status page (RFC 8631, section 4.4).
     */
    public void write(ResponseFields fields) {
        var retryAfter = decision.retryAfterSeconds();
        if (retryAfter > 0) {
            fields.put(RETRY_AFTER, Long.toString(retryAfter));
        }
        if (!reference.isEmpty()) {
            fields.put(REFERENCE_FIELD, reference);
        }
        if (decision.remediation() == Remediation.CAPTCHA) {
            fields.put(REMEDIATION, Remediation.CAPTCHA.word());
        }
        if (decision.statusPage() != null) {
            fields.put(LINK, "<" + decision.statusPage() + ">; rel=\"status\"");
        }
    }

    /** The problem, for whoever can hand it on. All of it is ASCII. */
    public byte[] body() {
        var problem = problem();
        var members = members().getBytes(US_ASCII);
        return ByteBuffer.allocate(problem.length + members.length)
                .put(problem)
                .put(members)
                .array();
    }

    private byte[] problem() {
        return switch (decision.outcome()) {
            case BLOCKED -> BLOCKED;
            case CHALLENGED -> CHALLENGED;
            case LIMITED -> LIMITED;
            case LOCKDOWN -> LOCKDOWN;
            default -> MAINTENANCE;
        };
    }

    private String members() {
        return reference.isEmpty() ? member() + '}' : member() + ",\"reference\":\"" + reference + "\"}";
    }

    /** The address of a status page needs no escapes: see {@code PostureResource}. */
    private String member() {
        if (!violated.isEmpty()) {
            var names = violated.size() == 1 ? violated.getFirst() : String.join("\",\"", violated);
            return ",\"violated-policies\":[\"" + names + "\"]";
        }
        var page = decision.statusPage();
        return page == null ? "" : ",\"status-page\":\"" + page + '"';
    }

    private static JsonObject abnormal(String detail, Remediation remediation) {
        return problem(
                        "abnormal-usage-detected",
                        "Request not satisfied due to detection of abnormal request pattern",
                        403)
                .put("detail", detail)
                .put("remediation", remediation.word());
    }

    private static JsonObject problem(String type, String title, int status) {
        return new JsonObject().put("type", TYPES + type).put("title", title).put("status", status);
    }

    private static byte[] open(JsonObject problem) {
        var text = problem.encode();
        return text.substring(0, text.length() - 1).getBytes(US_ASCII);
    }
}
