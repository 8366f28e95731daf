package io.bulwark.ratelimit.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway's word is worth and how it is answered.
 *
 * @param hops how many addresses at the right end of {@code X-Forwarded-For} or {@code Forwarded} are the gateway's own, 0 to
 *     16; the next one is the client. Not together with {@code ownAddresses}
 * @param ownAddresses addresses and CIDR networks of the gateway and of what stands in front of it, passed over from the
 *     right; with neither, the service's trusted proxies are
 * @param addressHeader the one header that holds the client's address; absent: {@code X-Forwarded-For}, without it
 *     {@code Forwarded}, without both {@code X-Real-Ip}
 * @param undecided what to answer while no decision is possible, unless the endpoint's policy says; {@code refuse} where
 *     absent
 * @param headers which fields tell clients what they have left; {@code ietf} where absent
 * @param authenticatedHeader the header, of whatever value, by which the gateway says that it knows who the client is. It must
 *     take it out of what clients send. Absent: it never knows
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record GatewaySettings(
        @Nullable @Min(0) @Max(MAX_HOPS) Integer hops,
        @Nullable @Size(max = 64) List<@NotNull @Size(max = 49) String> ownAddresses,
        @Nullable @Pattern(regexp = HEADER) String addressHeader,
        @Nullable Undecided undecided,
        @Nullable HeaderProfile headers,
        @Nullable @Pattern(regexp = HEADER) String authenticatedHeader) {

    static final int MAX_HOPS = 16;
    static final GatewaySettings DEFAULT = new GatewaySettings(null, null, null, null, null, null);

    private static final String HEADER = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

    GatewaySettings {
        ownAddresses = ownAddresses == null ? List.of() : ownAddresses;
        undecided = undecided == null ? Undecided.REFUSE : undecided;
        headers = headers == null ? HeaderProfile.IETF : headers;
    }

    /** @throws Problem 422 with the field that contradicts another or says nothing */
    void requireSense() {
        if (hops != null && !ownAddresses().isEmpty()) {
            throw Problem.invalid("hops", "cannot be told together with ownAddresses");
        }
        for (var address : ownAddresses()) {
            if (RequestField.parse("ownAddresses", address, Network::parse).prefixLength() == 0) {
                throw Problem.invalid("ownAddresses", "no gateway has every address");
            }
        }
    }
}
