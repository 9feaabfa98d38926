package dk.elleve.audit.siem;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dk.elleve.audit.AuditRig;
import dk.elleve.audit.checkpoint.Publisher;
import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.audit.log.Sequencer;
import dk.elleve.audit.search.EntryFeed;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tlog.Hash;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/// The log of the running service, sent to receivers that speak TLS in earnest.
class SiemTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// What each format and the structured data have a use for, and what is no ASCII.
    private static final String ODD = "GET /a=b|c\\d\"e]f,g\nh/æøå/\uD83D\uDD11";

    @TempDir
    static Path folder;

    private static Certificates authority;

    @Autowired
    private SiemStore store;

    @Autowired
    private EntryFeed feed;

    @Autowired
    private Publisher publisher;

    @Autowired
    private Transactions transactions;

    @Autowired
    private Journal journal;

    @Autowired
    private Sequencer sequencer;

    @Autowired
    private Keyring keyring;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Senders> started = new ArrayList<>();

    @BeforeAll
    static void makeCertificates() {
        authority = new Certificates(folder, "siem").signed("localhost").signed("elsewhere.test");
    }

    @AfterEach
    void stop() {
        started.forEach(Senders::stop);
        started.clear();
    }

    @ParameterizedTest
    @EnumSource(EntryFeed.Form.class)
    void what_is_published_arrives_in_order_and_names_its_index_and_leaf(EntryFeed.Form form) throws Exception {
        try (var receiver = new Receiver(authority.server("localhost"))) {
            var to = destination("all-" + form.name().toLowerCase(), receiver.port())
                    .format(form);
            start(to);
            long first = begun(to);
            long size = add(700, ODD);

            eventually(
                    "all are there", SOON, () -> assertThat(receiver.indexes()).contains(size - 1));

            assertThat(receiver.faults()).isEmpty();
            assertThat(receiver.indexes()).isSorted().doesNotHaveDuplicates().contains(first, first + 699);
            assertThat(receiver.messages()).allSatisfy(message -> {
                assertThat(message.element()).isEqualTo("entry@32473");
                assertThat(message.data()).containsEntry("leaf", leaf(message.index()));
            });
            var odd = receiver.messages().stream()
                    .filter(message -> message.id().equals("access"))
                    .toList();
            assertThat(odd).hasSizeGreaterThanOrEqualTo(700);
            assertThat(odd).anySatisfy(message -> {
                var shown = ODD.replace('\n', ' ');
                switch (form) {
                    case SYSLOG -> {
                        assertThat(message.text()).isEmpty();
                        assertThat(message.data()).containsEntry("resource", shown);
                    }
                    case CEF ->
                        assertThat(message.text())
                                .startsWith("CEF:0|Elleve|audit|1|access|")
                                .contains("request=GET /a\\=b|c\\\\d\"e]f,g h/æøå/\uD83D\uDD11 ");
                    case OCSF ->
                        assertThat(JSON.readTree(message.text())
                                        .path("resources")
                                        .path(0)
                                        .path("name")
                                        .asString())
                                .isEqualTo(ODD);
                }
            });
            eventually("nothing is missing", () -> assertThat(lag(to).entries()).isZero());
        }
    }

    @Test
    void a_new_receiver_begins_at_the_newest_entry_unless_it_wants_the_beginning() throws Exception {
        long before = add(3, "GET /before");
        try (var receiver = new Receiver(authority.server("localhost"));
                var other = new Receiver(authority.server("localhost"))) {
            var newest = destination("newest", receiver.port());
            start(newest, destination("beginning", other.port()).from(SiemProperties.From.BEGINNING));
            begun(newest);
            long size = add(1, "GET /after");

            eventually("both have the newest", SOON, () -> {
                assertThat(receiver.indexes()).contains(size - 1);
                assertThat(other.indexes()).contains(size - 1);
            });
            assertThat(receiver.indexes().getFirst()).isGreaterThanOrEqualTo(before);
            assertThat(other.indexes().subList(0, (int) size))
                    .containsExactlyElementsOf(LongStream.range(0, size).boxed().toList());
        }
    }

    @Test
    void a_receiver_with_the_certificate_of_another_host_gets_nothing() throws Exception {
        try (var receiver = new Receiver(authority.server("elsewhere.test"))) {
            var to = destination("wrong-host", receiver.port());
            start(to);
            requireRefused(to, receiver);
        }
    }

    @Test
    void a_receiver_whose_authority_is_unknown_gets_nothing() throws Exception {
        var stranger = new Certificates(folder, "stranger").signed("localhost");
        try (var receiver = new Receiver(stranger.server("localhost"))) {
            var to = destination("stranger", receiver.port());
            start(to);
            requireRefused(to, receiver);
        }
        stop();
        try (var receiver = new Receiver(authority.server("localhost"))) {
            var to = destination("not-public", receiver.port()).ca(null);
            start(to);
            requireRefused(to, receiver);
        }
    }

    @Test
    void a_receiver_that_wants_a_certificate_takes_from_us_only_with_ours() throws Exception {
        authority.signed("audit.test");
        try (var receiver = new Receiver(authority.server("localhost"), 0, Integer.MAX_VALUE, true)) {
            var to = destination("nobody", receiver.port());
            start(to);
            requireRefused(to, receiver);
            stop();

            var known = destination("known", receiver.port())
                    .own(authority.chain("audit.test"), authority.key("audit.test"));
            start(known);
            long first = begun(known);
            add(1, "GET /known");
            eventually("it arrives", SOON, () -> assertThat(receiver.indexes()).contains(first));
        }
    }

    @Test
    void files_that_are_no_certificates_are_refused_at_the_start() throws Exception {
        var odd = Files.writeString(folder.resolve("odd.pem"), "nothing");
        for (var file : List.of(odd, folder.resolve("missing.pem"))) {
            assertThatThrownBy(() -> senders(destination("odd", 6514).ca(file)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("elleve.audit.siem odd");
        }
    }

    @Test
    void a_receiver_that_is_killed_with_unread_messages_gets_every_entry_when_it_is_back() throws Exception {
        var dying = new Receiver(authority.server("localhost"), 0, 150, false);
        var to = destination("dying", dying.port());
        start(to);
        long first = begun(to);
        long size = add(400, "GET /first");
        eventually("it has read some, and all is on the way", SOON, () -> {
            assertThat(dying.messages()).hasSize(150);
            assertThat(lag(to).entries()).isZero();
        });

        dying.kill();

        eventually(
                "what was on the way counts as not sent",
                SOON,
                () -> assertThat(lag(to).entries()).isGreaterThanOrEqualTo(size - first - 150));
        long more = add(300, "GET /second");
        try (var back = new Receiver(authority.server("localhost"), dying.port(), Integer.MAX_VALUE, false)) {
            eventually("all are there", SOON, () -> assertThat(back.indexes()).contains(more - 1));

            var arrived = new ArrayList<>(dying.indexes());
            arrived.addAll(back.indexes());
            assertThat(new LinkedHashSet<>(arrived))
                    .as("each at least once, in order")
                    .startsWith(LongStream.range(first, more).boxed().toArray(Long[]::new));
            assertThat(back.indexes()).isSorted().doesNotHaveDuplicates();
            assertThat(back.faults()).isEmpty();
            assertThat(lag(to).entries()).isZero();
        }
    }

    @Test
    void while_a_receiver_is_away_its_lag_is_told_and_the_log_goes_on() throws Exception {
        int port;
        try (var gone = new Receiver(authority.server("localhost"))) {
            port = gone.port();
        }
        var to = destination("away", port);
        start(to);
        long first = begun(to);
        long size = add(20, "GET /away");

        eventually(
                "the failures are counted", SOON, () -> assertThat(failures(to)).isGreaterThan(1));
        eventually("it grows older", SOON, () -> {
            assertThat(lag(to).entries()).isGreaterThanOrEqualTo(20);
            assertThat(lag(to).seconds()).isGreaterThan(3);
        });

        try (var back = new Receiver(authority.server("localhost"), port, Integer.MAX_VALUE, false)) {
            eventually("it gets what it lacked", SOON, () -> {
                assertThat(back.indexes())
                        .startsWith(LongStream.range(first, size).boxed().toArray(Long[]::new));
                assertThat(lag(to).entries()).isZero();
                assertThat(lag(to).seconds()).isZero();
            });
        }
    }

    @Test
    void a_receiver_that_does_not_read_holds_up_neither_the_others_nor_the_end() throws Exception {
        try (var deaf = new Receiver(authority.server("localhost"), 0, 0, false);
                var hearing = new Receiver(authority.server("localhost"))) {
            // Larger than what all buffers hold, so that a write waits.
            var stuck = destination("deaf", deaf.port());
            var well = destination("hearing", hearing.port());
            var both = start(stuck, well);
            begun(stuck);
            begun(well);
            var endless = "GET /" + "x".repeat(7000);
            long size = 0;
            for (int i = 0; i < 6; i++) {
                size = add(400, endless);
            }
            long last = size - 1;

            eventually(
                    "the other has all",
                    SOON,
                    () -> assertThat(hearing.indexes()).contains(last));
            assertThat(lag(stuck).entries()).isPositive();
            long start = System.nanoTime();
            both.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void a_tenant_s_receiver_gets_its_entries_as_it_sees_them_and_an_erased_tenant_s_go_out_closed() throws Exception {
        var tenant = new TenantId("siemlejer");
        keyring.create(tenant);
        try (var receiver = new Receiver(authority.server("localhost"));
                var blind = new Receiver(authority.server("localhost"))) {
            var own = destination("tenant", receiver.port()).tenant(tenant).kinds("read", "insert");
            var redacted = destination("redacted", blind.port())
                    .tenant(tenant)
                    .kinds("read", "insert")
                    .redacted(true);
            start(own, redacted);
            begun(own);
            begun(redacted);
            add(2, "GET /platform");
            add(entry(tenant, EntryKind.READ, "tenant_data/record/siemlejer,1"));
            add(entry(tenant, EntryKind.INSERT, "breach/finding/7"));

            eventually("both have both", SOON, () -> {
                assertThat(receiver.messages()).hasSize(2);
                assertThat(blind.messages()).hasSize(2);
            });
            assertThat(receiver.messages().getFirst().data())
                    .containsEntry("tenant", "siemlejer")
                    .containsEntry("actor", "test/siem")
                    .containsEntry("resource", "tenant_data/record/siemlejer,1");
            assertThat(receiver.messages().getLast().data())
                    .as("how the operator works is not for the tenant")
                    .containsEntry("tenant", "siemlejer")
                    .doesNotContainKeys("actor", "resource");
            assertThat(blind.messages())
                    .allSatisfy(
                            message -> assertThat(message.data()).containsOnlyKeys("index", "tenant", "flags", "leaf"));

            stop();
            keyring.destroy(tenant);
            try (var late = new Receiver(authority.server("localhost"))) {
                start(destination("late", late.port())
                        .tenant(tenant)
                        .kinds("read")
                        .from(SiemProperties.From.BEGINNING));
                eventually(
                        "the erased entry",
                        SOON,
                        () -> assertThat(late.messages())
                                .singleElement()
                                .satisfies(message -> assertThat(message.data())
                                        .containsKeys("index", "leaf")
                                        .doesNotContainKeys("actor", "resource")));
            }
        }
    }

    @Test
    void one_instance_sends_and_another_takes_over_when_it_ends() throws Exception {
        try (var receiver = new Receiver(authority.server("localhost"))) {
            var to = destination("two", receiver.port());
            var one = start(to);
            long first = begun(to);
            var two = start(to);
            long size = add(50, "GET /one");
            eventually(
                    "all are there", SOON, () -> assertThat(receiver.indexes()).contains(size - 1));
            assertThat(receiver.indexes()).doesNotHaveDuplicates();

            one.stop();
            long more = add(50, "GET /two");

            eventually(
                    "the other goes on",
                    SOON,
                    () -> assertThat(receiver.indexes()).contains(more - 1));
            assertThat(new LinkedHashSet<>(receiver.indexes()))
                    .startsWith(LongStream.range(first, more).boxed().toArray(Long[]::new));
            assertThat(two.isRunning()).isTrue();
        }
    }

    /// Debian's own receiver, with its own opinion of what TLS and syslog are.
    @ParameterizedTest
    @EnumSource(EntryFeed.Form.class)
    void rsyslog_takes_it(EntryFeed.Form form) throws Exception {
        assumeTrue(
                Files.isExecutable(Rsyslog.PROGRAM),
                "rsyslogd is not installed (Debian: apt-get install rsyslog rsyslog-openssl)");
        authority.signed("client-" + form.name().toLowerCase());
        var alias = "client-" + form.name().toLowerCase();
        var received = folder.resolve("received-" + form);
        var to = destination("rsyslog-" + form.name().toLowerCase(), Rsyslog.freePort())
                .format(form)
                .own(authority.chain(alias), authority.key(alias));
        var rsyslog = new Rsyslog(
                folder,
                to.build().port(),
                authority.ca(),
                authority.chain("localhost"),
                authority.key("localhost"),
                received);
        try {
            rsyslog.start();
            start(to);
            long first = begun(to);
            long size = add(200, ODD);
            eventually(
                    "it has written them",
                    SOON,
                    () -> assertThat(indexes(received)).contains(size - 1));

            rsyslog.kill();
            add(200, ODD);
            rsyslog.start();
            long more = published(size + 200);

            eventually(
                    "it has written them all",
                    SOON,
                    () -> assertThat(indexes(received)).contains(more - 1));
            assertThat(new LinkedHashSet<>(indexes(received)))
                    .startsWith(LongStream.range(first, more).boxed().toArray(Long[]::new));
        } finally {
            rsyslog.kill();
        }
    }

    private static List<Long> indexes(Path file) throws IOException {
        var indexes = new ArrayList<Long>();
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                indexes.add(SyslogMessage.parse(line.getBytes(StandardCharsets.UTF_8))
                        .index());
            }
        }
        return indexes;
    }

    /// Entries come, connections are tried, and nothing arrives.
    private void requireRefused(To to, Receiver receiver) throws Exception {
        begun(to);
        add(5, "GET /secret");
        eventually("it is tried and tried", SOON, () -> assertThat(failures(to)).isGreaterThan(1));
        assertThat(receiver.messages()).isEmpty();
        assertThat(receiver.faults()).isEmpty();
        eventually("the lag is told", SOON, () -> assertThat(lag(to).entries()).isGreaterThanOrEqualTo(5));
    }

    private record Lag(double entries, double seconds) {}

    private Lag lag(To to) {
        var found = new HashMap<String, Double>();
        new SiemSampler(new SiemProperties(List.of(to.build())), store, feed, publisher, transactions, CLOCK)
                .sample(new Sample() {
                    @Override
                    public void put(Measure measure, double value, String... labels) {
                        assertThat(labels).containsExactly("destination", to.name);
                        found.put(measure.name(), value);
                    }
                });
        assertThat(found).containsOnlyKeys("elleve.audit.siem.lag.entries", "elleve.audit.siem.lag");
        return new Lag(
                found.getOrDefault("elleve.audit.siem.lag.entries", Double.NaN),
                found.getOrDefault("elleve.audit.siem.lag", Double.NaN));
    }

    private double failures(To to) {
        return meters.get("elleve.audit.siem.failures")
                .tag("destination", to.name)
                .counter()
                .count();
    }

    private Senders start(To... to) {
        var senders = senders(to);
        started.add(senders);
        senders.start();
        return senders;
    }

    private Senders senders(To... to) {
        return new Senders(
                new SiemProperties(List.of(to).stream().map(To::build).toList()),
                store,
                feed,
                publisher,
                transactions,
                CLOCK,
                meters);
    }

    /// Waits until the receiver has its place.
    ///
    /// @return the index of the first entry it gets
    private long begun(To to) {
        eventually(
                "it has a place",
                SOON,
                () -> assertThat(transactions.read(Scope.platform(), () -> store.position(to.name)))
                        .isPresent());
        return transactions
                        .read(Scope.platform(), () -> store.position(to.name))
                        .orElseThrow()
                        .resume()
                + 1;
    }

    /// Adds such entries, and waits for the checkpoint that has them.
    ///
    /// @return its size
    private long add(int count, String resource) {
        return add(IntStream.range(0, count)
                .mapToObj(i -> entry(null, EntryKind.ACCESS, resource))
                .toArray(NewEntry[]::new));
    }

    private long add(NewEntry... entries) {
        transactions.run(Scope.platform(), Actor.system("test/siem"), () -> journal.add(entries));
        eventually(
                "each has its place",
                SOON,
                () -> assertThat(sequencer.extent().waiting()).isZero());
        return published(sequencer.extent().entries());
    }

    private static NewEntry entry(@Nullable TenantId tenant, EntryKind kind, String resource) {
        return new NewEntry(
                UUID.randomUUID(),
                kind,
                Set.of(Mark.DENIED),
                tenant,
                Instant.parse("2026-03-01T09:00:00Z"),
                new Content(Actor.system("test/siem"), resource, null, Map.of("note", "x"), Map.of()));
    }

    /// The size of a checkpoint that has so many entries.
    private long published(long size) {
        eventually(
                "a checkpoint of " + size,
                SOON,
                () -> assertThat(publisher.published().orElseThrow().size()).isGreaterThanOrEqualTo(size));
        return publisher.published().orElseThrow().size();
    }

    private String leaf(long index) {
        return Hash.leaf(sequencer.leaf(Scope.platform(), index).orElseThrow()).hex();
    }

    private static To destination(String name, int port) {
        return new To(name, port);
    }

    /// A destination on this machine, said in a few words.
    private static final class To {

        private final String name;
        private final int port;
        private EntryFeed.Form format = EntryFeed.Form.SYSLOG;
        private @Nullable TenantId tenant;
        private boolean redacted;
        private List<String> kinds = List.of();
        private SiemProperties.From from = SiemProperties.From.NEWEST;
        private @Nullable Path ca = authority.ca();
        private @Nullable Path certificate;
        private @Nullable Path key;

        private To(String name, int port) {
            this.name = name;
            this.port = port;
        }

        To format(EntryFeed.Form value) {
            format = value;
            return this;
        }

        To tenant(TenantId value) {
            tenant = value;
            return this;
        }

        To redacted(boolean value) {
            redacted = value;
            return this;
        }

        To kinds(String... values) {
            kinds = List.of(values);
            return this;
        }

        To from(SiemProperties.From value) {
            from = value;
            return this;
        }

        To ca(@Nullable Path value) {
            ca = value;
            return this;
        }

        To own(Path chain, Path ownKey) {
            certificate = chain;
            key = ownKey;
            return this;
        }

        SiemProperties.Destination build() {
            return new SiemProperties.Destination(
                    name,
                    "localhost",
                    port,
                    format,
                    tenant,
                    redacted,
                    kinds,
                    from,
                    ca,
                    certificate,
                    key,
                    DataSize.ofMegabytes(1));
        }
    }
}
