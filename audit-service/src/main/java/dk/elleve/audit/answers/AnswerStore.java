package dk.elleve.audit.answers;

import dk.elleve.contracts.Evidence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Proofs and the history of answers. Every call belongs into a transaction of the caller.
@Repository
class AnswerStore {

    /// A time during which an answer had one state.
    ///
    /// @param until absent for the present one
    record Span(String state, Instant since, @Nullable Instant until) {}

    private static final TypeReference<Map<String, String>> FACTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AnswerStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /// Keeps a measurement unless a newer one is there.
    void measured(Evidence evidence, UUID eventId) {
        jdbc.sql("""
                        INSERT INTO data.claim_proof AS p (claim, holds, measured_at, facts, event_id, proven_at, proof_event)
                        VALUES (:claim, :holds, :at, :facts, :event,
                                CASE WHEN :holds THEN :at::timestamptz END, CASE WHEN :holds THEN :event::uuid END)
                        ON CONFLICT (claim) DO UPDATE
                        SET holds = excluded.holds, measured_at = excluded.measured_at, facts = excluded.facts,
                            event_id = excluded.event_id,
                            proven_at = coalesce(excluded.proven_at, p.proven_at),
                            proof_event = coalesce(excluded.proof_event, p.proof_event)
                        WHERE p.measured_at < excluded.measured_at
                        """)
                .param("claim", evidence.claim())
                .param("holds", evidence.holds())
                .param("at", at(evidence.measuredAt()))
                .param("facts", json.writeValueAsString(evidence.facts()))
                .param("event", eventId)
                .update();
    }

    Map<String, ClaimProof> proofs() {
        var proofs = new HashMap<String, ClaimProof>();
        jdbc.sql("""
                        SELECT p.claim, p.holds, p.measured_at, p.facts, p.proven_at, l.index, h.index AS proven_index
                        FROM data.claim_proof p
                        LEFT JOIN data.entry e ON e.event_id = p.event_id
                        LEFT JOIN data.leaf l ON l.entry_id = e.id
                        LEFT JOIN data.entry f ON f.event_id = p.proof_event
                        LEFT JOIN data.leaf h ON h.entry_id = f.id
                        """).query(row -> {
            var proof = new ClaimProof(
                    row.getString("claim"),
                    row.getBoolean("holds"),
                    instant(row, "measured_at").orElseThrow(),
                    json.readValue(row.getString("facts"), FACTS),
                    instant(row, "proven_at").orElse(null),
                    row.getObject("index", Long.class),
                    row.getObject("proven_index", Long.class));
            proofs.put(proof.claim(), proof);
        });
        return proofs;
    }

    Map<Integer, Span> present() {
        var spans = new HashMap<Integer, Span>();
        jdbc.sql("SELECT number, state, since, until FROM data.answer_state WHERE until IS NULL")
                .query(row -> {
                    spans.put(row.getInt("number"), span(row, 0));
                });
        return spans;
    }

    /// Ends the present state and begins another.
    void changed(int number, State state, Instant now) {
        jdbc.sql("UPDATE data.answer_state SET until = ? WHERE number = ? AND until IS NULL")
                .params(at(now), number)
                .update();
        jdbc.sql("INSERT INTO data.answer_state (number, since, state) VALUES (?, ?, ?) "
                        + "ON CONFLICT (number, since) DO UPDATE SET state = excluded.state, until = NULL")
                .params(number, at(now), state.word())
                .update();
    }

    /// Only one instance writes history at a time.
    void lead() {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('audit.answers'))::text")
                .query(String.class)
                .single();
    }

    List<Span> history(int number, Instant from) {
        return jdbc.sql("""
                        SELECT state, since, until
                        FROM data.answer_state
                        WHERE number = ? AND coalesce(until, 'infinity') > ?
                        ORDER BY since DESC
                        LIMIT 1000
                        """).params(number, at(from)).query(AnswerStore::span).list();
    }

    /// Changes without a known author that were seen since then, sequenced or not.
    long withoutAuthor(Instant since) {
        return jdbc.sql("""
                        SELECT count(*)
                        FROM data.entry
                        WHERE flags && '{unattributed,forged,replayed,gap}' AND time >= ?
                        """).param(at(since)).query(Long.class).single();
    }

    private static Span span(ResultSet row, int number) throws SQLException {
        return new Span(
                row.getString("state"),
                instant(row, "since").orElseThrow(),
                instant(row, "until").orElse(null));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
