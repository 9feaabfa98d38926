package dk.elleve.backup.wire;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// WAL as it flows from the server. One thread calls [#next]; any thread may call [#confirm] and [#finish].
public final class WalStream {

    /// One thing the server said.
    public sealed interface Message {

        /// WAL from `start` on. The bytes are only good until the next message is read.
        record Data(Lsn start, Lsn serverEnd, Instant sentAt, byte[] bytes, int offset, int length) implements Message {
            public Lsn end() {
                return start.plus(length);
            }
        }

        /// Nothing new: the server's log ends at `serverEnd`. With `answerWanted` it waits for our
        /// confirmation, as it does when it is shutting down.
        record KeepAlive(Lsn serverEnd, Instant sentAt, boolean answerWanted) implements Message {}

        /// This timeline ends here; the cluster goes on with another one.
        record EndOfTimeline(int next, Lsn switchedAt) implements Message {}

        /// We asked to stop, and the server has.
        record Finished() implements Message {}
    }

    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final Frames frames;
    private boolean copying = true;

    WalStream(Frames frames) {
        this.frames = frames;
    }

    static WalStream ended(Frames frames) {
        var stream = new WalStream(frames);
        stream.copying = false;
        return stream;
    }

    public Message next() {
        return copying ? streamed() : afterwards();
    }

    private Message streamed() {
        return switch (frames.next()) {
            case 'd' ->
                switch (frames.copied()) {
                    case 'w' -> data();
                    case 'k' -> keepAlive();
                    default -> throw new WireException("the server sent replication data of an unknown kind");
                };
            case 'c' -> {
                frames.send('c', new byte[0]);
                copying = false;
                yield afterwards();
            }
            case 'E' -> throw frames.error();
            case 'C' -> throw new WireException("the server is shutting down");
            default -> throw new WireException("the server sent a message that does not belong into a WAL stream");
        };
    }

    private Message data() {
        var header = frames.buffer(1);
        var start = new Lsn(header.getLong());
        var serverEnd = new Lsn(header.getLong());
        var sentAt = instant(header.getLong());
        return new Message.Data(start, serverEnd, sentAt, frames.bytes(), frames.start() + 25, frames.length() - 25);
    }

    private Message keepAlive() {
        var header = frames.buffer(1);
        return new Message.KeepAlive(new Lsn(header.getLong()), instant(header.getLong()), header.get() != 0);
    }

    /// What follows the copy: the next timeline, when there is one, then the end of the command.
    private Message afterwards() {
        Message.@Nullable EndOfTimeline end = null;
        while (true) {
            switch (frames.next()) {
                case 'T', 'C', 'c' -> {}
                case 'D' -> {
                    var row = frames.row();
                    var timeline = row.get(0);
                    var at = row.get(1);
                    if (timeline != null && at != null) {
                        end = new Message.EndOfTimeline(Integer.parseInt(timeline), Lsn.parse(at));
                    }
                }
                case 'E' -> throw frames.error();
                case 'Z' -> {
                    return end != null ? end : new Message.Finished();
                }
                // Data that was under way when we asked to stop.
                case 'd' -> {}
                default -> throw new WireException("the server sent a message that does not belong after a WAL stream");
            }
        }
    }

    /// Tells the server what has arrived and what is safe. The slot lets go of everything before `durable`.
    ///
    /// @param answerWanted asks the server to say at once where its log ends
    public void confirm(Lsn received, Lsn durable, Instant now, boolean answerWanted) {
        var message = ByteBuffer.allocate(34);
        message.put((byte) 'r')
                .putLong(received.value())
                .putLong(durable.value())
                .putLong(durable.value())
                .putLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH, now))
                .put((byte) (answerWanted ? 1 : 0));
        frames.send('d', message.array());
    }

    /// Asks the server to stop; [#next] then ends with [Message.Finished].
    public void finish() {
        frames.send('c', new byte[0]);
    }

    private static Instant instant(long microseconds) {
        return POSTGRES_EPOCH.plus(microseconds, ChronoUnit.MICROS);
    }
}
