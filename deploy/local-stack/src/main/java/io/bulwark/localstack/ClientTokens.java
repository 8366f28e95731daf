package io.bulwark.localstack;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** The machine clients that the stack registers, one per role, and the access tokens they are given. */
final class ClientTokens {
    /** The role {@code user} is for people. */
    private static final List<String> ROLES =
            List.of("auditor", "responder", "operator", "admin", "gateway", "service");

    private static final String APPLICATION = "default";

    private ClientTokens() {}

    /** What auth-service is told to register. */
    static List<Client> bootstrapped(StackState state) {
        return ROLES.stream()
                .map(role -> new Client(nameOf(role), secret(state, nameOf(role)), List.of(role), APPLICATION))
                .toList();
    }

    static String nameOf(String role) {
        if (!ROLES.contains(role)) {
            throw new StackFailure("There is no client of role " + role + "; there are " + String.join(", ", ROLES));
        }
        return "cli-" + role;
    }

    static String fetch(StackState state, String client) {
        if (ROLES.stream().noneMatch(role -> nameOf(role).equals(client))) {
            var names = ROLES.stream().map(ClientTokens::nameOf).toList();
            throw new StackFailure(
                    "No client of this stack is called " + client + "; there are " + String.join(", ", names));
        }
        var issuer = ServiceProcess.url(state, SuiteService.AUTH.application());
        var credentials = client + ":" + secret(state, client);
        var request = HttpRequest.newBuilder(issuer.resolve("/oauth2/token"))
                .timeout(Duration.ofSeconds(10))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        return token(issuer, request);
    }

    private static String token(URI issuer, HttpRequest request) {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            var token = answer.statusCode() == 200
                    ? new ObjectMapper()
                            .readTree(answer.body())
                            .path("access_token")
                            .asText()
                    : "";
            if (token.isEmpty()) {
                throw new StackFailure("auth-service gave no token: " + answer.statusCode() + " " + answer.body());
            }
            return token;
        } catch (IOException e) {
            throw new StackFailure("auth-service does not answer at " + issuer + "; ./bulwark status tells more", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while waiting for a token", e);
        }
    }

    private static String secret(StackState state, String client) {
        return state.secret("client/" + client);
    }

    /** A client as {@code BULWARK_BOOTSTRAP_CLIENTS_FILE} lists it. */
    record Client(String clientId, String secret, List<String> roles, String application) {}
}
