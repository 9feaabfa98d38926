package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.capture.RowChange.Operation;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.attribution.AttributionSigner;
import dk.elleve.kit.json.JsonAutoConfiguration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
    private static final TenantId NORD = new TenantId("nord");
    private static final SourceId SOURCE = new SourceId("123", 1, "tenant_data");
    private static final long EPOCH = 3L << 32;
    private static final Actor ACTOR = new Actor(Actor.Kind.USER, "u-1", null);

    private final AttributionSigner signer = new AttributionSigner("tenant-data", new byte[32]);

    @Test
    void a_signed_message_of_this_transaction_names_the_author() {
        var author = author(7, signed(signer, EPOCH + 7));

        assertThat(author).isEqualTo(new Author.Known(ACTOR, NORD, "request-1", null));
    }

    @Test
    void without_a_message_nobody_is_the_author() {
        assertThat(author(7)).isEqualTo(new Author.Unknown(Mark.UNATTRIBUTED));
    }

    @Test
    void a_message_with_a_wrong_mac_is_forged() {
        var right = signed(signer, 7);
        var otherKey = signed(
                new AttributionSigner("tenant-data", new byte[] {
                    1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2
                }),
                7);
        var otherService = signed(new AttributionSigner("identity", new byte[32]), 7);

        for (var wrong : List.of(
                right.replace("u-1", "u-2"),
                right.substring(0, right.length() - 3),
                otherKey,
                otherService,
                "",
                "\t")) {
            assertThat(author(7, wrong)).as(wrong).isEqualTo(new Author.Unknown(Mark.FORGED));
        }
    }

    @Test
    void a_message_of_another_transaction_is_replayed() {
        assertThat(author(7, signed(signer, 8))).isEqualTo(new Author.Unknown(Mark.REPLAYED));
        assertThat(author(7, "junk", signed(signer, EPOCH + 8), "junk")).isEqualTo(new Author.Unknown(Mark.REPLAYED));
    }

    @Test
    void a_right_message_counts_wherever_it_stands() {
        assertThat(author(7, "junk", signed(signer, 8), signed(signer, 7))).isInstanceOf(Author.Known.class);
    }

    @Test
    void a_known_author_makes_entries_and_no_finding() {
        var decision = decide(SOURCE, transaction(List.of(signed(signer, 7)), Map.of(), row(Operation.UPDATE, "nord")));

        var entry = decision.entries().findFirst().orElseThrow();
        assertThat(decision.finding()).isEmpty();
        assertThat(entry.kind()).isEqualTo(EntryKind.UPDATE);
        assertThat(entry.marks()).containsExactly(Mark.ATTRIBUTED);
        assertThat(entry.tenant()).isEqualTo(NORD);
        assertThat(entry.needsTenantKey()).isTrue();
        assertThat(entry.content().resource()).isEqualTo("tenant_data/item/nord,1");
        assertThat(entry.content().origin())
                .containsEntry("request", "request-1")
                .containsEntry("lsn", "4711");
    }

    @Test
    void the_entry_of_a_traced_change_names_the_trace() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var message = signer.sign(new Attribution(signer.service(), ACTOR, NORD, "request-1", trace, NOW, 7));

        var decision = decide(SOURCE, transaction(List.of(message), Map.of(), row(Operation.UPDATE, "nord")));

        assertThat(decision.entries().findFirst().orElseThrow().content().origin())
                .containsEntry("request", "request-1")
                .containsEntry("trace", trace);
    }

    @Test
    void an_unknown_author_is_told_with_the_role_and_without_values() {
        var session = Map.of("role", "tenant_data_owner", "application", "psql", "address", "10.0.0.1");
        var decision = decide(
                SOURCE, transaction(List.of(), session, row(Operation.UPDATE, "nord"), row(Operation.DELETE, "nord")));

        var finding = decision.finding().orElseThrow();
        assertThat(finding.kind()).isEqualTo("unattributed-change");
        assertThat(finding.tenant()).isEqualTo(NORD);
        assertThat(finding.facts())
                .containsEntry("role", "tenant_data_owner")
                .containsEntry("application", "psql")
                .containsEntry("address", "10.0.0.1")
                .containsEntry("rows", "2")
                .containsEntry("rows.item", "2");
        assertThat(finding.toString()).doesNotContain("secret");
        assertThat(decision.entries().map(NewEntry::content).map(content -> content.actor()))
                .containsOnly(new Actor(Actor.Kind.DATABASE, "tenant_data_owner", null));
    }

    @Test
    void rows_of_two_tenants_are_no_tenants_finding() {
        var decision = decide(
                SOURCE, transaction(List.of(), Map.of(), row(Operation.UPDATE, "nord"), row(Operation.UPDATE, "havn")));

        assertThat(decision.finding().orElseThrow().tenant()).isNull();
    }

    @Test
    void a_transaction_without_rows_is_nothing() {
        var decision = decide(SOURCE, transaction(List.of(), Map.of()));

        assertThat(decision.entries()).isEmpty();
        assertThat(decision.finding()).isEmpty();
    }

    @Test
    void the_same_rows_have_the_same_events_and_another_timeline_has_others() {
        var transaction =
                transaction(List.of(), Map.of(), row(Operation.UPDATE, "nord"), row(Operation.UPDATE, "nord"));

        var first = events(SOURCE, transaction);
        assertThat(first).doesNotHaveDuplicates().isEqualTo(events(SOURCE, transaction));
        assertThat(events(new SourceId("123", 2, "tenant_data"), transaction)).doesNotContainAnyElementsOf(first);
    }

    @Test
    void flyways_own_table_is_the_only_unsigned_change_that_is_expected() {
        assertThat(ddl("tenant_data_migrator", "kit.flyway_schema_history").finding())
                .isEmpty();
        assertThat(ddl("tenant_data_migrator", "kit.flyway_schema_history_s_idx")
                        .finding())
                .isEmpty();
        assertThat(ddl("postgres", "kit.flyway_schema_history").finding()).isPresent();
        assertThat(ddl("tenant_data_migrator", "data.item").finding()).isPresent();
    }

    @Test
    void a_structure_change_is_kept_in_full_though_it_belongs_to_no_tenant() {
        var entry = ddl("postgres", "data.item").entries().findFirst().orElseThrow();

        assertThat(entry.kind()).isEqualTo(EntryKind.DDL);
        assertThat(entry.needsTenantKey()).isFalse();
        assertThat(entry.content().after()).containsEntry("tag", "ALTER TABLE");
        assertThat(entry.marks()).contains(Mark.DDL, Mark.UNATTRIBUTED);
    }

    @Test
    void a_role_with_a_name_that_no_actor_may_have_is_still_told() {
        var decision =
                decide(SOURCE, transaction(List.of(), Map.of("role", "bad\u0001name"), row(Operation.UPDATE, "nord")));

        assertThat(decision.entries()
                        .findFirst()
                        .orElseThrow()
                        .content()
                        .actor()
                        .id())
                .isEqualTo("bad?name");
    }

    @Test
    void what_keycloak_does_with_its_own_login_is_expected_and_kept_without_values() {
        var before = new LinkedHashMap<String, @Nullable Object>();
        before.put("id", "7");
        before.put("email", "old@privat.example");
        before.put("enabled", true);
        var after = new LinkedHashMap<>(before);
        after.put("email", "new@privat.example");
        var decision = ofKeycloak(
                List.of(),
                Map.of("role", "keycloak"),
                new RowChange(Operation.INSERT, "user_entity", "7", null, before, NOW, 1),
                new RowChange(Operation.UPDATE, "user_entity", "7", before, after, NOW, 2),
                restructuring("keycloak"));

        assertThat(decision.finding()).isEmpty();
        var entries = decision.entries().toList();
        assertThat(entries).allSatisfy(entry -> assertThat(entry.marks()).contains(Mark.SYSTEM));
        assertThat(entries.toString()).doesNotContain("privat.example");
        assertThat(entries.get(0).content().after()).isNull();
        assertThat(entries.get(1).content().before()).isNull();
        assertThat(entries.get(1).content().after()).isEqualTo(Map.of("columns", List.of("email")));
        assertThat(entries.get(2).content().after()).containsEntry("tag", "CREATE TABLE");
    }

    @Test
    void whoever_else_changes_keycloak_s_rows_is_told() {
        var row = new RowChange(Operation.DELETE, "user_entity", "7", Map.of("id", "7"), null, NOW, 1);

        assertThat(ofKeycloak(List.of(), Map.of("role", "postgres"), row).finding())
                .isPresent();
        assertThat(ofKeycloak(List.of(), Map.of("role", "keycloak or postgres"), row)
                        .finding())
                .isPresent();
        assertThat(ofKeycloak(List.of(), Map.of(), row).finding()).isPresent();
        assertThat(ofKeycloak(List.of("anything"), Map.of("role", "keycloak"), row)
                        .finding())
                .isPresent();
        assertThat(ofKeycloak(List.of(), Map.of(), restructuring("postgres")).finding())
                .isPresent();
        assertThat(ofKeycloak(List.of(), Map.of("role", "keycloak"), row, restructuring("postgres"))
                        .finding())
                .isPresent();
        assertThat(ofKeycloak(List.of(), Map.of(), restructuring("keycloak")).finding())
                .isEmpty();
        assertThat(decide(SOURCE, transaction(List.of(), Map.of("role", "keycloak"), row))
                        .finding())
                .isPresent();
    }

    @Test
    void the_name_that_somebody_typed_is_not_told_as_a_key() {
        var row = new RowChange(
                Operation.INSERT, "username_login_failure", "realm,karen", null, Map.of("username", "karen"), NOW, 1);

        assertThat(ofKeycloak(List.of(), Map.of("role", "keycloak"), row)
                        .entries()
                        .toList()
                        .toString())
                .doesNotContain("karen");
    }

    private Ledger.Decision ofKeycloak(List<String> messages, Map<String, String> session, RowChange... rows) {
        return Ledger.decide(new SourceId("123", 1, "keycloak"), transaction(messages, session, rows), null, NOW);
    }

    @Test
    void what_breach_service_signs_with_a_wrong_key_is_one_finding_an_hour_so_that_keeping_it_makes_no_other() {
        var register = new SourceId("123", 1, "breach");
        var program = Map.of("role", "breach", "application", "breach-service", "address", "10.0.0.7");
        var first = forged(register, program, 1, NOW);

        assertThat(forged(register, program, 2, NOW.plusSeconds(3_599))).isEqualTo(first);
        assertThat(forged(register, program, 3, NOW.plusSeconds(3_600))).isNotEqualTo(first);
        assertThat(forged(register, Map.of("role", "breach", "application", "psql"), 4, NOW))
                .isNotEqualTo(first);
        assertThat(forged(SOURCE, program, 1, NOW)).isNotEqualTo(forged(SOURCE, program, 2, NOW));
    }

    private String forged(SourceId source, Map<String, String> session, long commit, Instant at) {
        var change = new RowChange(Operation.INSERT, "finding", "1", null, Map.of("id", "1"), at, 1);
        return decide(
                        source,
                        new RowTransaction(
                                commit,
                                commit,
                                Changes.of(JsonAutoConfiguration.mapper(), List.of(change)),
                                List.of("forged"),
                                session,
                                new Footprint()))
                .finding()
                .orElseThrow()
                .id();
    }

    private static RowChange restructuring(String role) {
        return new RowChange(
                Operation.INSERT,
                Ledger.DDL_TABLE,
                "1",
                null,
                Map.of("tag", "CREATE TABLE", "object", "data.org", "session_role", role),
                NOW,
                3);
    }

    private Ledger.Decision ddl(String role, String object) {
        var after = new LinkedHashMap<String, @Nullable Object>();
        after.put("tag", "ALTER TABLE");
        after.put("object", object);
        after.put("session_role", role);
        return decide(
                SOURCE,
                transaction(
                        List.of(),
                        Map.of(),
                        new RowChange(Operation.INSERT, Ledger.DDL_TABLE, "1", null, after, NOW, 1)));
    }

    private Ledger.Decision decide(SourceId source, RowTransaction transaction) {
        return Ledger.decide(source, transaction, signer, NOW);
    }

    private List<UUID> events(SourceId source, RowTransaction transaction) {
        return decide(source, transaction).entries().map(NewEntry::eventId).toList();
    }

    private Author author(long transaction, String... messages) {
        return Author.of(
                new RowTransaction(
                        transaction,
                        1,
                        new Changes(JsonAutoConfiguration.mapper()),
                        List.of(messages),
                        Map.of(),
                        new Footprint()),
                signer);
    }

    private static String signed(AttributionSigner signer, long transaction) {
        return signer.sign(new Attribution(signer.service(), ACTOR, NORD, "request-1", NOW, transaction));
    }

    private static RowTransaction transaction(
            List<String> attributions, Map<String, String> session, RowChange... rows) {
        var numbered = new ArrayList<RowChange>();
        for (var row : rows) {
            numbered.add(new RowChange(
                    row.operation(),
                    row.table(),
                    row.key(),
                    row.before(),
                    row.after(),
                    row.committed(),
                    numbered.size() + 1L));
        }
        return new RowTransaction(
                7, 4711, Changes.of(JsonAutoConfiguration.mapper(), numbered), attributions, session, new Footprint());
    }

    private static RowChange row(Operation operation, String tenant) {
        Map<String, @Nullable Object> image = Map.of("tenant_id", tenant, "note", "secret");
        return new RowChange(
                operation, "item", tenant + ",1", image, operation == Operation.DELETE ? null : image, NOW, 0);
    }
}
