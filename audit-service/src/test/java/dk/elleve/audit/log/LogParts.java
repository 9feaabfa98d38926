package dk.elleve.audit.log;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The log's parts as one process has them, made with `new`.
public record LogParts(Journal journal, Sequencer sequencer, LogTiles tiles) {

    public static LogParts over(DataSource database, Transactions transactions, BlobStore blobs) {
        var store = new LogStore(JdbcClient.create(database), new JdbcTemplate(database));
        var tiles = new LogTiles(blobs);
        var seal = new PayloadSeal(
                new NoKeys(),
                JsonAutoConfiguration.mapper(),
                new PlatformKey(Base64.getEncoder().encodeToString(new byte[32])));
        return new LogParts(new Journal(seal, store), new Sequencer(store, tiles, transactions), tiles);
    }

    public static NewEntry entry() {
        return new NewEntry(
                UUID.randomUUID(),
                EntryKind.ACCESS,
                Set.of(Mark.DENIED),
                null,
                Instant.parse("2026-03-01T09:00:00Z"),
                new Content(Actor.NOBODY, "GET /x", null, null, Map.of()));
    }

    public void add(Transactions transactions, int entries) {
        transactions.run(
                Scope.platform(),
                Actor.system("test"),
                () -> journal.add(
                        IntStream.range(0, entries).mapToObj(i -> entry()).toList()));
    }
}
