package dk.elleve.kit.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.messaging.Envelopes;
import dk.elleve.kit.messaging.EventSender;
import dk.elleve.kit.messaging.Senders;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The spool on a real disk, before a real broker or one that is away.
@Timeout(120)
class SpoolTest {

    static EventSender toKafka;
    static EventSender toNobody;

    @TempDir
    Path folder;

    final List<FileSpool> opened = new ArrayList<>();

    @BeforeAll
    static void senders() {
        toKafka = Senders.to(Rig.kafka().bootstrapServers());
        toNobody = Senders.to("127.0.0.1:1");
        try (var probe = TopicProbe.rig()) {
            probe.ensure(Topic.BREACH_EVIDENCE);
        }
    }

    @AfterAll
    static void sendersEnd() {
        toKafka.close();
        toNobody.close();
    }

    @AfterEach
    void spoolsEnd() {
        opened.forEach(FileSpool::stop);
    }

    @Test
    void what_was_appended_while_kafka_was_away_is_sent_in_order_by_the_next_life() {
        var ids = new ArrayList<String>();
        var first = spool(toNobody, 1_000_000, Duration.ofSeconds(1));
        for (int i = 0; i < 50; i++) {
            ids.add(append(first));
        }
        first.stop();

        var second = spool(toKafka, 1_000_000, Duration.ofSeconds(1));

        Eventually.eventually("all is sent", () -> assertThat(second.held()).isZero());
        assertThat(sent(ids)).isEqualTo(ids);
    }

    @Test
    void a_record_torn_by_a_kill_is_dropped_and_those_before_and_after_it_are_sent() throws IOException {
        var first = spool(toNobody, 1_000_000, Duration.ofSeconds(1));
        var before = append(first);
        first.stop();
        var file = segments().getLast();
        Files.write(file, new byte[] {0, 0, 1, 0, 1, 2, 3, 4, 5}, StandardOpenOption.APPEND);

        var second = spool(toKafka, 1_000_000, Duration.ofSeconds(1));
        var after = append(second);

        Eventually.eventually(
                "both are sent", () -> assertThat(sent(List.of(before, after))).containsExactly(before, after));
        Eventually.eventually("the torn file is gone and nothing is counted for it", () -> {
            assertThat(file).doesNotExist();
            assertThat(second.held()).isZero();
        });
    }

    @Test
    void a_crash_between_kafkas_answer_and_the_position_sends_the_same_again_and_loses_nothing() throws IOException {
        var first = spool(toNobody, 1_000_000, Duration.ofSeconds(1));
        var id = append(first);
        first.stop();
        var kept = Files.readAllBytes(segments().getLast());
        var second = spool(toKafka, 1_000_000, Duration.ofSeconds(1));
        Eventually.eventually("it is sent", () -> assertThat(sent(List.of(id))).containsExactly(id));
        second.stop();
        // As the disk would be: the segment is there, the position is not.
        Files.delete(folder.resolve("position"));
        Files.write(folder.resolve("000000000001.spool"), kept);

        spool(toKafka, 1_000_000, Duration.ofSeconds(1));

        Eventually.eventually(
                "it is sent twice", () -> assertThat(sent(List.of(id))).containsExactly(id, id));
        try (var probe = TopicProbe.rig()) {
            assertThat(probe.all(Topic.BREACH_EVIDENCE).stream()
                            .filter(heard -> heard.body().path("id").asString().equals(id))
                            .map(TopicProbe.Heard::id)
                            .distinct())
                    .as("with the same event id, so that an inbox knows it")
                    .hasSize(1);
        }
    }

    @Test
    void a_torn_position_sends_again_and_does_not_stop_the_service() throws IOException {
        var first = spool(toNobody, 1_000_000, Duration.ofSeconds(1));
        var id = append(first);
        first.stop();
        for (var torn : List.of("", "7", "7 ", "x y")) {
            Files.writeString(folder.resolve("position"), torn);
            var again = spool(toNobody, 1_000_000, Duration.ofSeconds(1));
            assertThat(again.held()).isPositive();
            again.stop();
        }
        spool(toKafka, 1_000_000, Duration.ofSeconds(1));
        Eventually.eventually("it is sent", () -> assertThat(sent(List.of(id))).contains(id));
    }

    @Test
    void a_full_spool_makes_appends_wait_and_then_refuses_them() {
        var spool = spool(toNobody, 2_000, Duration.ofMillis(300));
        var appended = new ArrayList<String>();
        var start = System.nanoTime();

        assertThatThrownBy(() -> {
                    while (true) {
                        appended.add(append(spool));
                    }
                })
                .isInstanceOf(Spool.SpoolFull.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(appended).isNotEmpty();
        assertThat(spool.held()).isLessThanOrEqualTo(2_000);
    }

    @Test
    void many_appends_at_once_never_pass_the_bound() throws Exception {
        var spool = spool(toNobody, 4_000, Duration.ofMillis(50));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                threads.submit(() -> append(spool));
            }
        }
        assertThat(spool.held()).isBetween(3_000L, 4_000L);
        long onDisk = 0;
        for (var file : segments()) {
            onDisk += Files.size(file);
        }
        assertThat(onDisk).isEqualTo(spool.held());
    }

    @Test
    void an_append_that_waits_goes_on_when_there_is_room() {
        var full = spool(toNobody, 2_000, Duration.ofMillis(10));
        assertThatThrownBy(() -> {
                    while (true) {
                        append(full);
                    }
                })
                .isInstanceOf(Spool.SpoolFull.class);
        full.stop();

        var draining = spool(toKafka, 2_000, Duration.ofSeconds(30));

        assertThat(append(draining)).isNotBlank();
    }

    @Test
    void an_event_that_kafka_would_never_take_is_refused_before_it_blocks_those_behind_it() {
        var spool = spool(toKafka, 100_000_000, Duration.ofSeconds(1));
        assertThatThrownBy(() -> spool.append(
                        Topic.BREACH_EVIDENCE,
                        "large",
                        null,
                        new Evidence("x", "x", true, Instant.EPOCH, Map.of("x", "y".repeat(FileSpool.LARGEST_EVENT)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(spool.held()).isZero();
        var largest = UUID.randomUUID().toString();
        spool.append(
                Topic.BREACH_EVIDENCE,
                "large",
                null,
                new Evidence(
                        largest, "x", true, Instant.EPOCH, Map.of("x", "y".repeat(FileSpool.LARGEST_EVENT - 200))));
        Eventually.eventually(
                "it is sent", () -> assertThat(sent(List.of(largest))).containsExactly(largest));
    }

    @Test
    void a_disk_that_refuses_fails_the_append_and_costs_no_room_for_ever() throws IOException {
        var spool = spool(toNobody, 10_000, Duration.ofMillis(100));
        Files.delete(folder);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> append(spool))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot be written");
        }
        assertThat(spool.held()).isZero();
        Files.createDirectory(folder);

        assertThat(append(spool)).isNotBlank();
    }

    @Test
    void an_append_to_a_stopped_spool_fails_and_does_not_wait_for_ever() {
        var spool = spool(toNobody, 10_000, Duration.ofMillis(100));
        append(spool);
        spool.stop();

        var late = CompletableFuture.supplyAsync(() -> append(spool));

        assertThatThrownBy(() -> late.orTimeout(20, TimeUnit.SECONDS).join())
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_spool_tells_since_when_its_oldest_event_waits() throws IOException {
        var spool = spool(toNobody, 10_000, Duration.ofMillis(100));
        assertThat(spool.oldest()).isEmpty();

        var before = Instant.now();
        append(spool);
        append(spool);

        assertThat(spool.oldest())
                .hasValueSatisfying(oldest -> assertThat(oldest).isBetween(before, Instant.now()));
        assertThat(spool.held()).isPositive().isLessThan(spool.bound());
    }

    private FileSpool spool(EventSender sender, long bound, Duration patience) {
        var json = JsonAutoConfiguration.mapper();
        var spool =
                new FileSpool(folder, bound, patience, new Envelopes(json, Clock.systemUTC(), "breach"), sender, json);
        spool.start();
        opened.add(spool);
        return spool;
    }

    private static String append(Spool spool) {
        var id = UUID.randomUUID().toString();
        spool.append(
                Topic.BREACH_EVIDENCE, "spool", null, new Evidence(id, "test.spool", true, Instant.EPOCH, Map.of()));
        return id;
    }

    private static List<String> sent(List<String> ids) {
        try (var probe = TopicProbe.rig()) {
            return probe.all(Topic.BREACH_EVIDENCE).stream()
                    .map(heard -> heard.body().path("id").asString())
                    .filter(ids::contains)
                    .toList();
        }
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".spool"))
                    .sorted()
                    .toList();
        }
    }
}
