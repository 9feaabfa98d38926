package dk.elleve.audit.search;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.log.Content;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Hash;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class ExportFormatTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LEAF = Hash.leaf(leaf()).hex();

    /// What each format has a use for: its own quotes, separators and escapes, and the end of a line.
    private static final String ODD = "a=b|c\\d\"e]f,g\nh";

    @Test
    void a_cell_of_a_spreadsheet_is_never_a_formula_and_is_quoted_where_it_must_be() {
        assertThat(ExportFormat.cell("=1+1")).isEqualTo("'=1+1");
        assertThat(ExportFormat.cell("@SUM(A1,A2)")).isEqualTo("\"'@SUM(A1,A2)\"");
        assertThat(ExportFormat.cell("\ta")).isEqualTo("'\ta");
        assertThat(ExportFormat.cell("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(ExportFormat.cell("plain")).isEqualTo("plain");
    }

    @Test
    void csv_has_a_cell_for_each_name_in_its_header() {
        assertThat(ExportFormat.CSV.begin().strip().split(",")).hasSize(12);
        assertThat(ExportFormat.CSV.line(line("insert", "tenant_data/record/1"), JSON))
                .isEqualTo("7,2026-11-02T08:00:00.123456Z,insert,nord,user,=me,,tenant_data/record/1,,"
                                .replace("=me", "'=me")
                        + "\"{\"\"note\"\":\"\"x\"\"}\",unattributed staff," + LEAF + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "insert, tenant_data/record/1, 6005, 6",
        "update, tenant_data/record/1, 6005, 2",
        "delete, tenant_data/record/1, 6005, 7",
        "read, tenant_data/record/1, 6005, 1",
        "login, keycloak, 3002, 1",
        "access, GET /areas, 6003, 2",
        "access, DELETE /areas/a, 6003, 4",
        "gap, capture, 6003, 99",
    })
    void ocsf_names_class_activity_and_their_product(String kind, String resource, int type, int activity) {
        var event = JSON.readTree(ExportFormat.OCSF.line(line(kind, resource), JSON));

        assertThat(event.path("class_uid").asInt()).isEqualTo(type);
        assertThat(event.path("activity_id").asInt()).isEqualTo(activity);
        assertThat(event.path("type_uid").asInt()).isEqualTo(type * 100 + activity);
        assertThat(event.path("category_uid").asInt()).isEqualTo(type / 1000);
        assertThat(event.path("time").asLong()).isEqualTo(1793606400123L);
        assertThat(event.path("metadata").path("tenant_uid").asString()).isEqualTo("nord");
        assertThat(event.path("actor").path("user").path("uid").asString()).isEqualTo("=me");
        assertThat(event.path("unmapped").path("leaf").asString()).isEqualTo(LEAF);
    }

    @Test
    void cef_escapes_what_ends_a_value() {
        assertThat(ExportFormat.CEF.line(line("access", ODD), JSON))
                .startsWith("CEF:0|Elleve|audit|1|access|access|8|rt=1793606400123 ")
                .contains(" suid=\\=me ", " request=a\\=b|c\\\\d\"e]f,g h ", " cs1Label=tenant cs1=nord ");
    }

    @Test
    void syslog_is_rfc_5424_with_structured_data() {
        assertThat(ExportFormat.SYSLOG.line(line("access", ODD), JSON))
                .startsWith("<108>1 2026-11-02T08:00:00.123456Z - elleve-audit - access [entry@32473 index=\"7\" ")
                .contains(" resource=\"a=b|c\\\\d\\\"e\\]f,g h\" ")
                .endsWith("]\n");
    }

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void an_erased_entry_is_a_line_that_says_what_is_left(ExportFormat format) {
        var line = format.line(new ExportFormat.Line(row("update"), null), JSON);

        assertThat(line).contains("update", LEAF).doesNotContain("=me", "note");
        assertThat(line.strip().lines()).hasSize(1);
    }

    private static ExportFormat.Line line(String kind, String resource) {
        return new ExportFormat.Line(
                row(kind),
                new Content(new Actor(Actor.Kind.USER, "=me", null), resource, null, Map.of("note", "x"), Map.of()));
    }

    private static EntryRow row(String kind) {
        return new EntryRow(
                7,
                new UUID(1, 1),
                Instant.parse("2026-11-02T08:00:00.123456Z"),
                kind,
                new TenantId("nord"),
                List.of("unattributed", "staff"),
                true,
                new byte[0],
                leaf());
    }

    private static byte[] leaf() {
        return new AuditLeaf(
                        AuditLeaf.Kind.ROW_UPDATED,
                        Set.of(AuditLeaf.Flag.UNATTRIBUTED),
                        Hash.leaf(new byte[] {1}),
                        1,
                        AuditLeaf.NONE,
                        Instant.parse("2026-11-02T08:00:00.123456Z"),
                        new UUID(1, 1),
                        new UUID(2, 2),
                        Hash.leaf(new byte[] {2}),
                        Hash.leaf(new byte[] {3}))
                .bytes();
    }
}
