package io.bulwark.ratelimit.crowdsec;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;

/**
 * Asks as bouncers do.
 *
 * @param program as it names itself
 */
record Bouncer(String key, String program) {
    /** What is told where there is no news. */
    static final String NOTHING = "{\"new\":null,\"deleted\":null}";

    String stream(String query) {
        return given().header("X-Api-Key", key)
                .header("User-Agent", program)
                .get("/v1/decisions/stream" + query)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    /** Head and body, whatever an HTTP library would make of them or of the target. */
    String raw(String target) throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: bulwark\r\nUser-Agent: " + program + "\r\nX-Api-Key: "
                                    + key + "\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    /** As if it had stood there before this replica: no news, so that it is not repeated. */
    static void decided(Ledger ledger, String target, long version) {
        var terms = new Terms("bulwark", "test", "ban");
        ledger.put(Key.of(Network.parse(target)), terms, Long.MAX_VALUE / 2, version, Ledgers.NO_NEWS);
    }
}
