package dk.elleve.backup.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A replication connection to a cluster. pgjdbc connects and authenticates (TLS, SCRAM); from then on the
/// socket is ours, because pgjdbc itself can neither run `BASE_BACKUP` nor follow a timeline.
///
/// One conversation at a time, from one thread. Every call throws [WireException] when the server refuses or
/// falls silent.
public final class Wire implements AutoCloseable {

    /// What the server says of itself.
    public record Identity(String systemId, int timeline, Lsn flushed) {}

    /// A physical slot; `restart` is the oldest position it holds back, absent when it holds nothing.
    public record Slot(String name, Optional<Lsn> restart) {}

    /// Where a base backup begins or ends.
    public record Point(Lsn lsn, int timeline) {}

    /// What a base backup is good for: a copy of it is made consistent by the WAL between the two.
    public record BaseBackup(Point start, Point end) {}

    /// A timeline's line of descent, as the server's own `….history` file.
    public record History(String fileName, byte[] content) {}

    /// Takes a base backup as it arrives. An exception of the sink ends the backup and breaks the line.
    public interface BaseSink {

        /// Before the first byte: where the backup starts, and how many bytes the server expects to
        /// send.
        default void begin(Point start, long bytes) {}

        /// A new tar stream begins: the main one has neither oid nor location, each tablespace has both.
        void archive(String name, @Nullable String location) throws IOException;

        void data(byte[] bytes, int offset, int length) throws IOException;
    }

    private final Connection connection;
    private final Frames frames;

    private Wire(Connection connection, Frames frames) {
        this.connection = connection;
        this.frames = frames;
    }

    public static Wire connect(WireSettings settings, String applicationName) {
        var properties = new Properties();
        properties.put("user", settings.user());
        properties.put("password", settings.password());
        properties.put("replication", "true");
        properties.put("assumeMinServerVersion", "15");
        properties.put("preferQueryMode", "simple");
        properties.put("ApplicationName", applicationName);
        properties.put("tcpKeepAlive", "true");
        properties.put("connectTimeout", "10");
        properties.put(
                "socketTimeout", Long.toString(Math.max(1, settings.deadline().toSeconds())));
        properties.put("socketFactory", SocketCapture.Plain.class.getName());
        properties.put("sslmode", settings.sslMode());
        if (!settings.sslMode().equals("disable")) {
            properties.put("sslfactory", SocketCapture.Secure.class.getName());
        }
        if (settings.sslRootCertificate() != null) {
            properties.put("sslrootcert", settings.sslRootCertificate());
        }
        try {
            var connection = DriverManager.getConnection(
                    "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/", properties);
            var socket = SocketCapture.take();
            socket.setSoTimeout(Math.toIntExact(settings.deadline().toMillis()));
            return new Wire(connection, new Frames(socket));
        } catch (SQLException e) {
            throw new WireException(
                    "no replication connection as " + settings + ": " + e.getMessage(), e.getSQLState(), e);
        } catch (IOException e) {
            throw new WireException("no replication connection as " + settings + ": " + e, null, e);
        }
    }

    public Identity identify() {
        var row = single("IDENTIFY_SYSTEM");
        return new Identity(text(row, 0), Integer.parseInt(text(row, 1)), Lsn.parse(text(row, 2)));
    }

    /// The size of a WAL segment in bytes, chosen when the cluster was made.
    public int walSegmentSize() {
        return size("SHOW wal_segment_size");
    }

    private int size(String command) {
        var size = text(single(command), 0);
        var number = Integer.parseInt(size.replaceAll("[^0-9]", ""));
        return switch (size.replaceAll("[0-9]", "")) {
            case "GB" -> number << 30;
            case "MB" -> number << 20;
            case "kB" -> number << 10;
            default -> number;
        };
    }

    /// Whether every page that is written has a checksum.
    public boolean checksumsPages() {
        return text(single("SHOW data_checksums"), 0).equals("on");
    }

    /// How many pages a file holds before the relation goes on in the next one, chosen when
    /// PostgreSQL was built.
    public int pagesOfAFile() {
        return size("SHOW segment_size") / size("SHOW block_size");
    }

    public String serverVersion() {
        return text(single("SHOW server_version"), 0);
    }

    public Optional<Slot> slot(String name) {
        var row = single("READ_REPLICATION_SLOT " + quoted(name));
        if (row.getFirst() == null) {
            return Optional.empty();
        }
        return Optional.of(new Slot(name, Optional.ofNullable(row.get(1)).map(Lsn::parse)));
    }

    /// Makes a permanent physical slot that holds WAL back from this moment on.
    public Slot createSlot(String name) {
        run("CREATE_REPLICATION_SLOT " + quoted(name) + " PHYSICAL (RESERVE_WAL true)");
        return slot(name).orElseThrow(() -> new WireException("slot '" + name + "' vanished right after it was made"));
    }

    public void dropSlot(String name) {
        run("DROP_REPLICATION_SLOT " + quoted(name));
    }

    public History history(int timeline) {
        var row = single("TIMELINE_HISTORY " + timeline);
        return new History(text(row, 0), text(row, 1).getBytes(StandardCharsets.UTF_8));
    }

    /// Streams the whole cluster as tar into `sink`. The server is told not to look at checksums of
    /// pages: one process of it sends everything, and whoever takes it in can check for less.
    /// Returns when the last byte has been handed over; the WAL between the two points is needed to
    /// make the copy consistent and is not part of it.
    public BaseBackup baseBackup(String label, BaseSink sink) {
        frames.query("BASE_BACKUP (LABEL '" + label.replace("'", "''")
                + "', CHECKPOINT 'fast', WAIT false, PROGRESS true, MANIFEST 'no', VERIFY_CHECKSUMS false)");
        var points = new ArrayList<Point>();
        var resultSets = 0;
        var expected = 0L;
        @Nullable WireException refusal = null;
        while (true) {
            switch (frames.next()) {
                case 'T' -> resultSets++;
                case 'D' -> {
                    var row = frames.row();
                    if (resultSets != 2) {
                        points.add(new Point(Lsn.parse(text(row, 0)), Integer.parseInt(text(row, 1))));
                    } else if (row.get(2) != null) {
                        // One row per tablespace; the tar streams name them again.
                        expected += Long.parseLong(text(row, 2)) * 1024;
                    }
                }
                case 'd' -> hand(sink);
                case 'H' -> {
                    if (points.size() != 1) {
                        throw outOfStep();
                    }
                    sink.begin(points.getFirst(), expected);
                }
                case 'c', 'C' -> {}
                case 'E' -> refusal = frames.error();
                case 'Z' -> {
                    if (refusal != null) {
                        throw refusal;
                    }
                    if (points.size() != 2) {
                        throw new WireException(
                                "the server ended the base backup without saying where it starts and ends");
                    }
                    return new BaseBackup(points.get(0), points.get(1));
                }
                default -> throw outOfStep();
            }
        }
    }

    private void hand(BaseSink sink) {
        try {
            switch (frames.copied()) {
                case 'n' -> {
                    var name = frames.text(1);
                    var location = frames.text(2 + name.getBytes(StandardCharsets.UTF_8).length);
                    sink.archive(name, location.isEmpty() ? null : location);
                }
                case 'd' -> sink.data(frames.bytes(), frames.start() + 1, frames.length() - 1);
                case 'p', 'm' -> {}
                default -> throw outOfStep();
            }
        } catch (IOException | RuntimeException e) {
            // The server would go on sending for hours to a sink that is gone.
            frames.cut();
            throw e instanceof RuntimeException known
                    ? known
                    : new WireException("the base backup could not be taken in: " + e.getMessage(), null, e);
        }
    }

    /// Starts streaming WAL of one timeline from a position. The wire serves nothing else until the stream has
    /// ended.
    public WalStream startWal(@Nullable String slot, Lsn from, int timeline) {
        frames.query("START_REPLICATION" + (slot == null ? "" : " SLOT " + quoted(slot)) + " PHYSICAL " + from
                + " TIMELINE " + timeline);
        @Nullable WireException refusal = null;
        while (true) {
            switch (frames.next()) {
                case 'W' -> {
                    return new WalStream(frames);
                }
                case 'E' -> refusal = frames.error();
                case 'Z' -> throw refusal != null ? refusal : outOfStep();
                // A timeline that ended exactly here: the server answers at once with what comes next.
                case 'T' -> {
                    return WalStream.ended(frames);
                }
                default -> throw outOfStep();
            }
        }
    }

    private List<@Nullable String> single(String command) {
        var rows = run(command);
        if (rows.size() != 1) {
            throw new WireException("'" + command + "' answered with " + rows.size() + " rows instead of one");
        }
        return rows.getFirst();
    }

    private List<List<@Nullable String>> run(String command) {
        frames.query(command);
        var rows = new ArrayList<List<@Nullable String>>();
        @Nullable WireException refusal = null;
        while (true) {
            switch (frames.next()) {
                case 'T', 'C' -> {}
                case 'D' -> rows.add(frames.row());
                case 'E' -> refusal = frames.error();
                case 'Z' -> {
                    if (refusal != null) {
                        throw refusal;
                    }
                    return rows;
                }
                default -> throw outOfStep();
            }
        }
    }

    private static WireException outOfStep() {
        return new WireException("the server sent a message that does not belong here; the line is out of step");
    }

    private static String text(List<@Nullable String> row, int column) {
        var value = row.get(column);
        if (value == null) {
            throw new WireException("the server left column " + column + " of its answer empty");
        }
        return value;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// Breaks the line at once, whatever it is doing. May be called from any thread.
    public void cut() {
        frames.cut();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            frames.cut();
        }
    }
}
