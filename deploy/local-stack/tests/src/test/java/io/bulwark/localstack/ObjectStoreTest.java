package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
    @TempDir
    static Path home;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static ObjectStore store;

    @BeforeAll
    static void start() {
        var state = StackState.open(home);
        ObjectStore.announce(state);
        store = ObjectStore.start(Machine.ROOT, state);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void strangersNeitherListReadNorWrite() throws Exception {
        assertThat(signed("PUT", "/backup", store.access().secretKey()).statusCode())
                .isEqualTo(200);

        assertThat(status(unsigned("GET", ""))).isEqualTo(403);
        assertThat(status(unsigned("GET", "/backup"))).isEqualTo(403);
        assertThat(status(unsigned("PUT", "/backup"))).isEqualTo(403);
        assertThat(signed("GET", "/backup", "guessed").statusCode()).isEqualTo(403);
    }

    @Test
    void objectsSurviveAKill() throws Exception {
        signed("PUT", "/kept", store.access().secretKey());

        store.kill();
        store.restart();

        assertThat(signed("GET", "/kept", store.access().secretKey()).body()).isEqualTo("content");
    }

    private static HttpRequest.Builder unsigned(String method, String object) {
        var uri = URI.create(store.access().endpoint() + "/" + ObjectStoreAccess.BUCKET + object);
        return HttpRequest.newBuilder(uri)
                .method(
                        method,
                        method.equals("PUT")
                                ? HttpRequest.BodyPublishers.ofString("content")
                                : HttpRequest.BodyPublishers.noBody());
    }

    /** AWS signature version 2, which needs no library. */
    private static HttpResponse<String> signed(String method, String object, String secret) throws Exception {
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        var text = method + "\n\n\n\nx-amz-date:" + date + "\n/" + ObjectStoreAccess.BUCKET + object;
        var mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        var signature = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        var request = unsigned(method, object)
                .header("x-amz-date", date)
                .header("Authorization", "AWS " + store.access().accessKey() + ":" + signature)
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static int status(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
