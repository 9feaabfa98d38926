package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.TreeHead;
import dk.elleve.tlog.Hash;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What was signed and what was shown. Every call belongs into a transaction of the caller.
@Repository
class CheckpointStore {

    /// @param signed the newest tree head that may have been signed
    /// @param publishedSize 0 while nothing was shown
    record Promise(
            TreeHead signed,
            long publishedSize,
            @Nullable String note,
            @Nullable Instant publishedAt) {}

    private final JdbcClient jdbc;

    CheckpointStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Promise promise() {
        return jdbc.sql("SELECT signed_size, signed_root, published_size, note, published_at FROM data.promise")
                .query((row, i) -> new Promise(
                        new TreeHead(row.getLong(1), Hash.of(row.getBytes(2))),
                        row.getLong(3),
                        row.getString(4),
                        row.getObject(5, OffsetDateTime.class) == null
                                ? null
                                : row.getObject(5, OffsetDateTime.class).toInstant()))
                .single();
    }

    /// @return whether nobody else had signed meanwhile
    boolean sign(TreeHead before, TreeHead now) {
        return jdbc.sql("UPDATE data.promise SET signed_size = ?, signed_root = ? WHERE signed_size = ?")
                        .params(now.size(), now.root().bytes(), before.size())
                        .update()
                == 1;
    }

    /// Whether no larger tree was signed. Until the transaction ends nobody signs one or shows anything.
    boolean mayShow(TreeHead head) {
        return jdbc.sql("SELECT signed_size FROM data.promise FOR UPDATE")
                        .query(Long.class)
                        .single()
                == head.size();
    }

    /// @return whether nothing newer had been shown meanwhile
    boolean published(long size, String note, Instant at) {
        return jdbc.sql("""
                        UPDATE data.promise
                        SET published_size = ?, note = ?, published_at = ?
                        WHERE published_size <= ?
                        """)
                        .params(size, note, OffsetDateTime.ofInstant(at, ZoneOffset.UTC), size)
                        .update()
                == 1;
    }
}
