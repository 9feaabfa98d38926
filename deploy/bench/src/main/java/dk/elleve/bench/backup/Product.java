package dk.elleve.bench.backup;

import java.nio.file.Path;
import java.sql.SQLException;

/// Something that backs the server up. Its WAL is shipped between [#attend] and [#leave] only, so that two products do
/// not work at the same time.
interface Product extends AutoCloseable {

    /// What a backup has read and stored, in bytes.
    record Taken(long read, long stored) {}

    interface Work<T> {
        T run() throws Exception;
    }

    /// Begins to ship WAL, and returns when all up to `end` is shipped.
    void attend(Source.End end) throws Exception;

    /// Stops shipping; WAL waits in the server.
    void leave() throws SQLException;

    Taken full() throws Exception;

    /// Stores what has changed since the newest full backup.
    Taken incremental() throws Exception;

    /// Brings the newest backup and all WAL behind it into a folder, from which a server can be started on `port`.
    void restore(Path folder, int port) throws Exception;

    /// Reads everything that is stored again, and fails when anything is wrong.
    void verify() throws Exception;

    /// Runs `work` and says what it cost this product.
    <T> Measured<T> measure(Work<T> work) throws Exception;

    @Override
    void close() throws SQLException;
}
