package dk.elleve.kit.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.KitRig;
import dk.elleve.kit.ThingController;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.Tokens;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class IdempotencyTest extends KitRig {

    final String key = UUID.randomUUID().toString();
    final IdempotencyStore store;
    final JdbcClient jdbc;

    @Autowired
    IdempotencyTest(IdempotencyStore store, JdbcClient jdbc) {
        this.store = store;
        this.jdbc = jdbc;
    }

    @AfterEach
    void nothing_happens_any_more() {
        ThingController.AFTER_EFFECT.set(() -> {});
    }

    @Test
    void the_same_request_again_has_the_same_answer_and_one_effect() throws SQLException {
        var first = post(key, body(key));
        var second = post(key, body(key));

        assertThat(first.status()).isEqualTo(200);
        assertThat(second).isEqualTo(first);
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void the_same_key_with_another_body_or_path_is_refused_and_has_no_effect() throws SQLException {
        post(key, body(key));

        for (var other : new Answer[] {
            post(key, body(key + "x")), send("POST", "/things?x=1", bytes(body(key)), "Idempotency-Key", key)
        }) {
            assertThat(other.status()).isEqualTo(409);
            assertThat(other.body().path("code").asString()).isEqualTo("idempotency-key-reused");
        }
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void somebody_else_may_have_the_same_key() throws SQLException {
        var mine = post(key, body(key));
        var theirs = send(
                "POST",
                "/things",
                bytes(body(key)),
                "Idempotency-Key",
                key,
                "Authorization",
                Tokens.demo("havn-admin").bearer());

        assertThat(theirs.status()).isEqualTo(200);
        assertThat(theirs.body()).isNotEqualTo(mine.body());
        assertThat(effects()).isEqualTo(2);
    }

    @Test
    void the_same_person_in_another_tenant_or_under_another_grant_makes_another_request() throws SQLException {
        var manager = Tokens.user("manager").roles("tenant-admin");
        var answers = List.of(
                post(key, body(key)),
                post(key, body(key), "Authorization", manager.tenant("nord").bearer()),
                post(key, body(key), "Authorization", manager.tenant("havn").bearer()),
                post(key, body(key), "Elleve-Tenant", "nord"),
                post(key, body(key), "Elleve-Grant", "nord"),
                post(key, body(key), "Elleve-Grant", "x".repeat(3000)));

        assertThat(answers).allMatch(answer -> answer.status() == 200).doesNotHaveDuplicates();
        assertThat(effects()).isEqualTo(6);
        assertThat(post(key, body(key), "Elleve-Grant", "nord")).isEqualTo(answers.get(4));
        assertThat(effects()).isEqualTo(6);
    }

    @Test
    void duplicates_at_the_same_time_wait_for_the_first_and_have_its_answer() throws Exception {
        var go = new CountDownLatch(1);
        var reached = new CompletableFuture<Void>();
        ThingController.AFTER_EFFECT.set(() -> {
            reached.complete(null);
            await(go);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Answer>>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> post(key, body(key))));
            }
            reached.join();
            Eventually.eventually(
                    "the duplicates wait for the first in the database",
                    () -> assertThat(count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND query LIKE '%kit.idempotency%'"))
                            .isEqualTo(3));
            go.countDown();
            for (var answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
                assertThat(answer.get()).isEqualTo(answers.getFirst().get());
            }
        }
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void a_request_that_failed_can_be_sent_again_with_its_key() throws SQLException {
        ThingController.AFTER_EFFECT.set(() -> {
            throw new IllegalStateException("the work fails after its effect");
        });
        assertThat(post(key, body(key)).status()).isEqualTo(500);
        ThingController.AFTER_EFFECT.set(() -> {});

        assertThat(post(key, body(key)).status()).isEqualTo(200);
        assertThat(effects()).isEqualTo(1);
    }

    /// As PostgreSQL sees a process that was killed between the effect and the stored answer.
    @Test
    void a_session_that_dies_between_effect_and_answer_leaves_neither() throws SQLException {
        ThingController.AFTER_EFFECT.set(() -> {
            var pid = jdbc.sql("SELECT pg_backend_pid()").query(Integer.class).single();
            try {
                sql("SELECT pg_terminate_backend(" + pid + ", 5000)");
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
        var died = post(key, body(key));
        assertThat(died.status()).isEqualTo(503);
        assertThat(died.body().path("code").asString()).isEqualTo("busy");
        assertThat(effects()).isZero();
        ThingController.AFTER_EFFECT.set(() -> {});

        assertThat(post(key, body(key)).status()).isEqualTo(200);
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void an_answer_is_kept_for_a_day() throws SQLException {
        post(key, body(key));
        sql("INSERT INTO kit.idempotency (caller, key, request, created_at)" + " VALUES ('old', '" + key
                + "', '', now() - interval '25 hours')");

        store.forgetOld();

        assertThat(count("SELECT count(*) FROM kit.idempotency WHERE key = '" + key + "' AND caller <> 'old'"))
                .isEqualTo(1);
        assertThat(count("SELECT count(*) FROM kit.idempotency WHERE key = '" + key + "' AND caller = 'old'"))
                .isZero();
    }

    private Answer post(String key, String body, String... more) {
        var headers = Stream.concat(Stream.of("Idempotency-Key", key), Arrays.stream(more));
        return send("POST", "/things", bytes(body), headers.toArray(String[]::new));
    }

    private long effects() throws SQLException {
        return count("SELECT count(*) FROM data.thing WHERE note = '" + key + "'");
    }

    private static String body(String note) {
        return "{\"note\": \"" + note + "\", \"parts\": []}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
