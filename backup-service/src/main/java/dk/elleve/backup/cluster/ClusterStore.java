package dk.elleve.backup.cluster;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Clusters and their measurements in the database. Every call belongs into a transaction of the
/// caller.
@Repository
class ClusterStore {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> FACTS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    ClusterStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// One process at a time weighs measurements: of two that measure in the same moment each would
    /// miss the other's. Held until the transaction ends.
    void weigh() {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('backup.claims'))::text")
                .query(String.class)
                .single();
    }

    void seen(Cluster cluster) {
        var there = find(cluster.id());
        // Written only when it is news: the table is captured, and its triggers fire for a statement
        // without rows.
        if (there.isEmpty()
                || !there.get().name().equals(cluster.name())
                || there.get().drills() != cluster.drills()) {
            jdbc.sql("""
                            INSERT INTO data.cluster (id, name, drills, since)
                            VALUES (:id, :name, :drills, :now)
                            ON CONFLICT (id) DO UPDATE
                            SET name = excluded.name, drills = excluded.drills
                            """)
                    .param("id", cluster.id())
                    .param("name", cluster.name())
                    .param("drills", cluster.drills())
                    .param("now", at(cluster.seenAt()))
                    .update();
        }
        jdbc.sql("""
                        INSERT INTO kit.cluster_seen (cluster, at)
                        VALUES (?, ?)
                        ON CONFLICT (cluster) DO UPDATE
                        SET at = excluded.at
                        """).params(cluster.id(), at(cluster.seenAt())).update();
    }

    Optional<Cluster> find(String id) {
        return jdbc.sql("""
                        SELECT c.id, c.name, c.drills, coalesce(s.at, c.since) AS seen_at
                        FROM data.cluster c
                        LEFT JOIN kit.cluster_seen s ON s.cluster = c.id
                        WHERE c.id = ?
                        """).param(id).query(ClusterStore::cluster).optional();
    }

    List<Cluster> all() {
        return jdbc.sql("""
                        SELECT c.id, c.name, c.drills, coalesce(s.at, c.since) AS seen_at
                        FROM data.cluster c
                        LEFT JOIN kit.cluster_seen s ON s.cluster = c.id
                        ORDER BY c.name, c.id
                        """).query(ClusterStore::cluster).list();
    }

    void measured(String cluster, String claim, Measurement measurement) {
        jdbc.sql("""
                        INSERT INTO kit.cluster_claim (cluster, claim, holds, at, facts)
                        VALUES (:cluster, :claim, :holds, :at, :facts::jsonb)
                        ON CONFLICT (cluster, claim) DO UPDATE
                        SET holds = excluded.holds, at = excluded.at, facts = excluded.facts
                        """)
                .param("cluster", cluster)
                .param("claim", claim)
                .param("holds", measurement.holds())
                .param("at", at(measurement.at()))
                .param("facts", JSON.writeValueAsString(measurement.facts()))
                .update();
    }

    /// The newest measurement of each claim, by the cluster that made it.
    SequencedMap<String, Map<String, Measurement>> measurements() {
        var claims = new TreeMap<String, Map<String, Measurement>>();
        jdbc.sql("SELECT cluster, claim, holds, at, facts FROM kit.cluster_claim")
                .query(row -> {
                    claims.computeIfAbsent(row.getString("claim"), any -> new TreeMap<>())
                            .put(
                                    row.getString("cluster"),
                                    new Measurement(
                                            row.getBoolean("holds"),
                                            instant(row, "at"),
                                            JSON.readValue(row.getString("facts"), FACTS)));
                });
        return claims;
    }

    /// What is known of it goes. Its work would otherwise be said to be late for ever.
    ///
    /// @param tasks how the names of its tasks end
    void remove(String id, String tasks) {
        jdbc.sql("DELETE FROM data.cluster WHERE id = ?").param(id).update();
        jdbc.sql("DELETE FROM kit.scheduled_tasks WHERE task_name LIKE 'backup-%' AND right(task_name, ?) = ?")
                .params(tasks.length(), tasks)
                .update();
    }

    private static Cluster cluster(ResultSet row, int number) throws SQLException {
        return new Cluster(
                row.getString("id"), row.getString("name"), row.getBoolean("drills"), instant(row, "seen_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
