package dk.elleve.kit.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.KitRig;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Whatever is wrong with a request, and whoever notices, the answer has one shape (RFC 9457) and a stable code.
class ProblemsTest extends KitRig {

    static final byte[] NOTHING = new byte[0];

    @LocalServerPort
    int port;

    @Test
    void a_path_that_does_not_exist_is_told() {
        problem(send("GET", "/nowhere", NOTHING), 404, "not-found");
    }

    @Test
    void a_method_that_does_not_exist_is_told() {
        problem(send("DELETE", "/things", NOTHING), 405, "invalid-request");
    }

    @Test
    void a_media_type_that_is_not_understood_is_told() {
        problem(send("POST", "/things", bytes("x"), "Content-Type", "text/plain"), 415, "invalid-request");
        problem(send("GET", "/things/" + ID, NOTHING, "Accept", "image/png"), 406, "invalid-request");
    }

    static final String ID = "0193c0de-0000-7000-8000-000000000001";

    @Test
    void unreadable_json_is_told_by_its_place_and_never_by_its_content() {
        for (var body :
                new String[] {"{\"note\": secret-4711}", "{\"note\": [\"secret-4711\"]}", "[", "\"secret-4711\"", ""}) {
            var answer = send("POST", "/things", bytes(body), "Content-Type", "application/json");
            problem(answer, 400, "invalid-request");
            assertThat(answer.body().toString()).doesNotContain("4711");
        }
    }

    @Test
    void every_violated_constraint_is_told_by_a_pointer() {
        var answer =
                send("POST", "/things", bytes("{\"note\": \" \", \"parts\": [{\"name\": \"x\"}, {\"name\": \"\"}]}"));
        problem(answer, 400, "invalid-request");
        assertThat(answer.body().path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/note", "/parts/1/name");
    }

    @Test
    void a_part_of_the_address_that_has_the_wrong_form_is_told() {
        var answer = send("GET", "/things/secret-4711", NOTHING);
        problem(answer, 400, "invalid-request");
        assertThat(answer.body().toString()).doesNotContain("4711");
        problem(send("GET", "/things/" + ID + "?limit=many", NOTHING), 400, "invalid-request");
        problem(send("GET", "/things/" + ID + "?limit=501", NOTHING), 400, "invalid-request");
    }

    @Test
    void a_body_or_a_key_that_is_too_large_is_told() {
        problem(
                send("POST", "/things", new byte[16 * 1024 * 1024 + 1], "Idempotency-Key", "large"),
                413,
                "body-too-large");
        problem(send("POST", "/things", bytes("{}"), "Idempotency-Key", "k".repeat(201)), 400, "invalid-request");
    }

    @Test
    void a_caller_without_a_token_or_without_the_role_is_told() {
        problem(send("GET", "/things/" + ID, NOTHING, "Authorization", "Bearer x"), 401, "unauthenticated");
        problem(
                send(
                        "GET",
                        "/things/" + ID,
                        NOTHING,
                        "Authorization",
                        dk.elleve.kit.test.Tokens.demo("nord-user").bearer()),
                403,
                "forbidden");
    }

    @Test
    void what_the_firewall_refuses_is_told_too() throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("GET /things/%2e%2e;/x//y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "invalid-request");
        }
    }

    private static void problem(Answer answer, int status, String code) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        assertThat(answer.body().path("code").asString()).isEqualTo(code);
        assertThat(answer.body().path("type").asString()).isEqualTo("urn:elleve:problem:" + code);
        assertThat(answer.body().path("title").asString()).isNotBlank();
        assertThat(answer.body().path("instance").asString()).startsWith("urn:uuid:");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
