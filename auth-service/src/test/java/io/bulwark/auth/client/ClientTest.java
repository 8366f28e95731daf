package io.bulwark.auth.client;

import static io.bulwark.auth.AuthFiles.SUITE_CLIENT;
import static io.bulwark.auth.AuthFiles.SUITE_SECRET;
import static io.bulwark.auth.People.as;
import static io.bulwark.auth.People.form;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.auth.People.Person;
import io.bulwark.auth.token.TokenIssuer;
import io.bulwark.events.Revocation.ClientRevoked;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@WithTestResource(AuthFiles.class)
class ClientTest {
    private static final Registered SUITE = new Registered(SUITE_CLIENT, SUITE_SECRET);

    @Inject
    Clients clients;

    @Inject
    ClientAuthentication authentication;

    @Inject
    TokenIssuer issuer;

    private record Registered(String id, String secret) {
        Response introspect(String token) {
            return basic(id, secret).formParam("token", token).post("/oauth2/introspect");
        }

        String signIn(Person person) {
            return given().auth()
                    .preemptive()
                    .basic(id, secret)
                    .contentType(ContentType.JSON)
                    .body(Map.of("email", person.email(), "password", People.PASSWORD))
                    .post("/api/v1/login")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("refreshToken");
        }

        String token() {
            return grant(basic(id, secret)).then().statusCode(200).extract().path("access_token");
        }
    }

    @Test
    void aMachineIsGivenATokenOfItsRoles() {
        var client = register("shop", "gateway");
        grant(form().formParam("client_id", client.id()).formParam("client_secret", client.secret()))
                .then()
                .statusCode(200)
                .body("$", not(hasKey("refresh_token")));

        SUITE.introspect(client.token())
                .then()
                .statusCode(200)
                .body("active", equalTo(true))
                .body("sub", equalTo(client.id()))
                .body("client_id", equalTo(client.id()))
                .body("groups", contains("gateway"))
                .body("application", equalTo("shop"));
        as(client.token()).get("/api/v1/me").then().statusCode(403);
    }

    @Test
    void aWrongSecretIsNoMoreThanAnUnknownClient() {
        var client = register("shop", "gateway");
        grant(basic(client.id(), "guessed")).then().statusCode(401).body("error", equalTo("invalid_client"));
        grant(basic("nobody", "guessed")).then().statusCode(401).body("error", equalTo("invalid_client"));
        grant(basic("no\u0000body", "guessed")).then().statusCode(401);
    }

    @Test
    void aClientLearnsOnlyOfTokensOfItsApplication() {
        var shop = register("shop", "gateway");
        var other = register("other", "gateway");
        var token = shop.token();

        other.introspect(token)
                .then()
                .statusCode(200)
                .body("active", equalTo(false))
                .body("$", not(hasKey("sub")));
        shop.introspect(token).then().statusCode(200).body("active", equalTo(true));
        shop.introspect("rubbish").then().statusCode(200).body("active", equalTo(false));
        form().formParam("token", token).post("/oauth2/introspect").then().statusCode(401);
        basic(shop.id(), "guessed")
                .formParam("token", token)
                .post("/oauth2/introspect")
                .then()
                .statusCode(401);
    }

    @Test
    void aDeletedClientsTokensEndAndItsIdIsNeverGivenAgain() {
        var client = register("shop", "gateway");
        var token = client.token();
        try (var revocations = EventProbe.on(Topic.REVOCATIONS)) {
            as(People.admin()).delete("/api/v1/clients/" + client.id()).then().statusCode(204);

            SUITE.introspect(token).then().body("active", equalTo(false));
            grant(basic(client.id(), client.secret())).then().statusCode(401);
            revocations.await(ClientRevoked.class, e -> e.clientId().equals(client.id()));
            People.eventually()
                    .untilAsserted(() -> as(token).get("/api/v1/me").then().statusCode(401));
        }
        as(People.admin()).delete("/api/v1/clients/" + client.id()).then().statusCode(404);
        add(client.id(), "shop", "gateway").then().statusCode(409).body("type", endsWith("client-id-taken"));
    }

    @Test
    void theSessionsOfThoseWhoSignedInThroughADeletedClientEnd() {
        var client = register("shop", "service");
        var person = People.add();
        var refreshToken = client.signIn(person);
        SUITE.introspect(refreshToken).then().body("active", equalTo(true));

        as(People.admin()).delete("/api/v1/clients/" + client.id()).then().statusCode(204);

        SUITE.introspect(refreshToken).then().body("active", equalTo(false));
        as(People.admin())
                .get("/api/v1/users/" + person.id() + "/sessions")
                .then()
                .statusCode(200)
                .body("items", empty());
    }

    @Test
    void whatWasIssuedBeforeAClientIsChangedEnds() {
        var client = register("shop", "service");
        var refreshToken = client.signIn(People.add());

        change(client, "another", client.secret());

        basic(client.id(), client.secret())
                .formParam("grant_type", "refresh_token")
                .formParam("refresh_token", refreshToken)
                .post("/oauth2/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_grant"));
    }

    @Test
    void whoProvedItselfJustBeforeAChangeIsIssuedATokenOfTheNewState() {
        var client = register("shop", "service");
        var authenticated = authentication.post(client.id(), client.secret());

        change(client, "another", client.secret());
        var token = QuarkusTransaction.requiringNew().call(() -> issuer.forClient(authenticated));
        SUITE.introspect(token.value()).then().body("application", equalTo("another"));

        change(client, "another", "another-secret-of-this-client");
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().call(() -> issuer.forClient(authenticated)))
                .isInstanceOf(InvalidClient.class);
    }

    @Test
    void aMachinesTokenCanBeRevokedAlone() {
        var client = register("shop", "gateway");
        var token = client.token();
        var other = client.token();

        form().formParam("token", token).post("/oauth2/revoke").then().statusCode(200);
        client.introspect(token).then().body("active", equalTo(true));
        basic(client.id(), client.secret())
                .formParam("token", token)
                .post("/oauth2/revoke")
                .then()
                .statusCode(200);

        client.introspect(token).then().body("active", equalTo(false));
        client.introspect(other).then().body("active", equalTo(true));
    }

    @Test
    void theRegisterShowsNoSecret() {
        var client = register("shop", "gateway");
        var auditor = People.add("auditor").token();
        as(auditor)
                .get("/api/v1/clients?limit=500")
                .then()
                .statusCode(200)
                .body("items.clientId", hasItem(client.id()))
                .body("items[0]", not(hasKey("secret")))
                .body("items[0]", not(hasKey("secretHash")));
        as(auditor).delete("/api/v1/clients/" + client.id()).then().statusCode(403);
        as(People.add("operator").token()).get("/api/v1/clients").then().statusCode(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bulwark", "Shop", "s", "a b", "0190b5a2-7c1e-7abc-8def-0123456789ab", "x\u0000y"})
    void someNamesAreNotForClients(String clientId) {
        add(clientId, "shop", "gateway").then().statusCode(422);
    }

    @Test
    void rolesThatDoNotExistCannotBeGiven() {
        add("c-" + UUID.randomUUID(), "shop", "root").then().statusCode(422);
        add("c-" + UUID.randomUUID(), "shop").then().statusCode(422);
    }

    /** As the bootstrap file does at the start of another replica. */
    private void change(Registered client, String application, String secret) {
        var wanted = new Client(client.id(), List.of("service"), application, secret, "test", Instant.now());
        QuarkusTransaction.requiringNew().run(() -> clients.put(wanted, secret));
    }

    private static Registered register(String application, String role) {
        var id = "c-" + UUID.randomUUID();
        String secret =
                add(id, application, role).then().statusCode(201).extract().path("secret");
        return new Registered(id, secret);
    }

    private static Response add(String clientId, String application, String... roles) {
        return as(People.admin())
                .body(Map.of("clientId", clientId, "roles", List.of(roles), "application", application))
                .post("/api/v1/clients");
    }

    private static RequestSpecification basic(String clientId, String secret) {
        return form().auth().preemptive().basic(clientId, secret);
    }

    private static Response grant(RequestSpecification request) {
        return request.formParam("grant_type", "client_credentials").post("/oauth2/token");
    }
}
