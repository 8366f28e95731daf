package io.bulwark.ratelimit.forwardauth;

import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.block.Remediation;
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
 * @param reference by which it is found again
 * @param remediation for {@code X-Bulwark-Remediation}, what else the gateway may do than refuse; null where it is nothing
 */
public record Refusal(
        int status,
        long retryAfterSeconds,
        Buffer body,
        @Nullable String statusPage,
        String reference,
        @Nullable String remediation) {
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    private static final String BLOCKED = open(abnormal("This address is blocked", Remediation.BAN));
    private static final String CHALLENGED =
            open(abnormal("This address is served after a captcha only", Remediation.CAPTCHA));
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
    public static Refusal of(Decision decision) {
        var reference = decision.reference() == null ? "" : decision.reference().text();
        var status = switch (decision.outcome()) {
            case BLOCKED, CHALLENGED, LOCKDOWN -> 403;
            case LIMITED -> 429;
            case MAINTENANCE -> 503;
            default -> throw new IllegalArgumentException(decision.outcome() + " is no refusal");
        };
        var remediation = decision.remediation() == Remediation.CAPTCHA ? Remediation.CAPTCHA.word() : null;
        return new Refusal(
                status,
                decision.retryAfterSeconds(),
                body(decision, reference),
                decision.statusPage(),
                reference,
                remediation);
    }

    private static Buffer body(Decision decision, String reference) {
        var problem = switch (decision.outcome()) {
            case BLOCKED -> BLOCKED;
            case CHALLENGED -> CHALLENGED;
            case LIMITED -> LIMITED + violated(decision);
            case LOCKDOWN -> LOCKDOWN + statusPage(decision);
            default -> MAINTENANCE + statusPage(decision);
        };
        return Buffer.buffer(problem + ",\"reference\":\"" + reference + "\"}");
    }

    /** The limits' names need no escapes: see {@code LimitRule}. */
    private static String violated(Decision decision) {
        var standing = decision.standing();
        return standing == null ? "" : ",\"violated-policies\":[\"" + String.join("\",\"", standing.violated()) + "\"]";
    }

    /** A status page's address needs no escapes: see {@code PostureResource}. */
    private static String statusPage(Decision decision) {
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

    private static String open(JsonObject problem) {
        var text = problem.encode();
        return text.substring(0, text.length() - 1);
    }
}
