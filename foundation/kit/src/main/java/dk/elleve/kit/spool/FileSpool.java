package dk.elleve.kit.spool;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.messaging.Envelope;
import dk.elleve.kit.messaging.Envelopes;
import dk.elleve.kit.messaging.EventSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/// The spool as files in a folder: `<number>.spool` segments and `position`, which names the segment and the byte that
/// Kafka has taken everything before. One thread appends and forces, one ships.
final class FileSpool implements Spool, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FileSpool.class);
    private static final long SEGMENT = 8L * 1024 * 1024;
    private static final int BATCH = 500;
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration IDLE = Duration.ofSeconds(30);

    /// Kafka takes a megabyte with headers. What it would never take may not get in: everything behind it would wait.
    static final int LARGEST_EVENT = 1_000_000;

    private record Append(ByteBuffer record, CompletableFuture<Void> durable) {}

    private record Position(long segment, long offset) {}

    private final Path folder;
    private final long bound;
    private final Duration patience;
    private final Envelopes envelopes;
    private final EventSender sender;
    private final JsonMapper json;
    private final BlockingQueue<Append> queue = new ArrayBlockingQueue<>(4096);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    /// Something lies in the files that may be shipped, or nothing will come any more.
    private final Condition news = lock.newCondition();
    /// Guarded by the lock: bytes that lie in the files or are on their way there.
    private long held;

    private volatile boolean running;
    /// No thread takes from the queue: before the start, after the stop, and when the appending thread broke.
    private volatile boolean ended = true;
    /// Owned by the appending thread; read by the shipping thread to know which file still grows.
    private volatile long growing;

    private volatile Position taken;
    private Thread appender = Thread.ofPlatform().unstarted(() -> {});
    private Thread shipper = Thread.ofPlatform().unstarted(() -> {});

    FileSpool(Path folder, long bound, Duration patience, Envelopes envelopes, EventSender sender, JsonMapper json) {
        this.folder = folder;
        this.bound = bound;
        this.patience = patience;
        this.envelopes = envelopes;
        this.sender = sender;
        this.json = json;
        this.taken = new Position(0, 0);
    }

    @Override
    public void append(Topic topic, String key, @Nullable TenantId tenant, Event event) {
        var packed = envelopes.pack(topic, key, tenant, event);
        if (packed.body().length > LARGEST_EVENT) {
            throw new IllegalArgumentException("An event of " + packed.type() + " has " + packed.body().length
                    + " bytes; the spool takes at most " + LARGEST_EVENT);
        }
        var record = SegmentFile.encode(json.writeValueAsBytes(packed));
        int size = record.remaining();
        var append = new Append(record, new CompletableFuture<>());
        try {
            reserve(size);
            try {
                if (ended || !queue.offer(append, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    release(size);
                    throw ended ? away(null) : new SpoolFull(held());
                }
            } catch (InterruptedException e) {
                release(size);
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpoolFull(held());
        }
        if (ended) {
            // The appending thread may have looked into the queue for the last time just before.
            refuseWaiting();
        }
        try {
            append.durable().join();
        } catch (CompletionException failed) {
            throw away(failed.getCause());
        }
    }

    private IllegalStateException away(@Nullable Throwable cause) {
        return new IllegalStateException("The spool in " + folder + " cannot be written", cause);
    }

    /// Waits for room as long as an append may wait.
    private void reserve(long bytes) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (held + bytes > bound) {
                if (left <= 0) {
                    throw new SpoolFull(held);
                }
                left = room.awaitNanos(left);
            }
            held += bytes;
        } finally {
            lock.unlock();
        }
    }

    private void release(long bytes) {
        lock.lock();
        try {
            held -= bytes;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many bytes wait for Kafka.
    long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    long bound() {
        return bound;
    }

    /// When the event that waits longest was appended.
    Optional<Instant> oldest() throws IOException {
        var from = taken;
        for (long segment : segments()) {
            if (segment < from.segment()) {
                continue;
            }
            try {
                var read = SegmentFile.read(file(segment), segment == from.segment() ? from.offset() : 0, 1);
                if (!read.records().isEmpty()) {
                    return Optional.of(json.readValue(read.records().getFirst(), Envelope.class)
                            .time());
                }
            } catch (NoSuchFileException shipped) {
                // Kafka has taken the whole of it meanwhile.
                continue;
            }
        }
        return Optional.empty();
    }

    private void refuseWaiting() {
        for (var append = queue.poll(); append != null; append = queue.poll()) {
            release(append.record().remaining());
            append.durable().completeExceptionally(new IOException("The spool is stopped"));
        }
    }

    /// Everything that waits: first what an earlier life left, in a segment of its own.
    @Override
    public void start() {
        try {
            Files.createDirectories(folder);
            taken = readPosition();
            var segments = segments();
            long waiting = 0;
            for (long segment : segments) {
                if (segment >= taken.segment()) {
                    waiting += Files.size(file(segment)) - (segment == taken.segment() ? taken.offset() : 0);
                }
            }
            release(held() - waiting);
            growing = Math.max(taken.segment(), segments.isEmpty() ? 0 : segments.getLast()) + 1;
        } catch (IOException e) {
            throw new UncheckedIOException("The spool in " + folder + " cannot be opened", e);
        }
        running = true;
        ended = false;
        appender = Thread.ofPlatform().name("spool-append").start(this::appendLoop);
        shipper = Thread.ofVirtual().name("spool-ship").start(this::shipLoop);
    }

    private void appendLoop() {
        FileChannel channel = null;
        long size = 0;
        var batch = new ArrayList<Append>();
        try {
            while (running || !queue.isEmpty()) {
                var first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, 1000);
                long reserved = batch.stream()
                        .mapToLong(append -> append.record().remaining())
                        .sum();
                try {
                    if (channel == null || size >= SEGMENT) {
                        if (channel != null) {
                            channel.close();
                            channel = null;
                            growing++;
                        }
                        size = 0;
                        channel = opened(file(growing));
                        size = channel.size();
                    }
                    for (var append : batch) {
                        while (append.record().hasRemaining()) {
                            channel.write(append.record());
                        }
                    }
                    // The one fsync that all of the batch waited for; a crash before it leaves records nobody was told
                    // of.
                    channel.force(false);
                    size += reserved;
                    batch.forEach(append -> append.durable().complete(null));
                    wakeShipper();
                } catch (IOException failed) {
                    // What is half written must not be followed: the next batch goes to a new file.
                    release(reserved - abandoned(channel, size));
                    channel = null;
                    growing++;
                    batch.forEach(append -> append.durable().completeExceptionally(failed));
                }
                batch.clear();
            }
            if (channel != null) {
                channel.close();
            }
        } catch (IOException | InterruptedException stopped) {
            log.error("The spool in {} stopped; appends fail until the service is started again", folder, stopped);
        } finally {
            ended = true;
            batch.forEach(append -> append.durable().completeExceptionally(new IOException("The spool is stopped")));
            refuseWaiting();
        }
    }

    private FileChannel opened(Path file) throws IOException {
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        // Without this a crash may forget that the file exists, though its bytes were forced.
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
        return channel;
    }

    /// Gives up a file in which a write failed.
    ///
    /// @return how many bytes of that write lie in it all the same
    private long abandoned(@Nullable FileChannel channel, long before) {
        if (channel == null) {
            return 0;
        }
        try (channel) {
            return Math.max(0, channel.size() - before);
        } catch (IOException gone) {
            log.warn("A file of the spool in {} was given up after a failed write", folder, gone);
            return 0;
        }
    }

    private void shipLoop() {
        while (running) {
            try {
                if (ship() == 0) {
                    awaitNews();
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (IOException | RuntimeException failed) {
                log.warn("The spool keeps {} bytes; they are sent when Kafka takes them", held(), failed);
                pause(1000);
            }
        }
    }

    private void wakeShipper() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// An idle spool costs next to nothing. While something is held it may have become durable, unheard, since the
    /// files were looked into: then only a moment.
    private void awaitNews() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (running) {
                news.awaitNanos((held == 0 ? IDLE : MOMENT).toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ships one batch from the oldest segment.
    ///
    /// @return how many events Kafka took
    int ship() throws IOException {
        for (long segment : segments()) {
            if (segment < taken.segment()) {
                Files.deleteIfExists(file(segment));
                continue;
            }
            var from = segment == taken.segment() ? taken.offset() : 0;
            boolean finished = segment < growing;
            var read = SegmentFile.read(file(segment), from, BATCH);
            if (!read.records().isEmpty()) {
                List<Envelope> events = read.records().stream()
                        .map(bytes -> json.readValue(bytes, Envelope.class))
                        .toList();
                sender.send(events).forEach(CompletableFuture::join);
                // A crash here sends the batch again with the same ids.
                writePosition(new Position(segment, read.end()));
                release(read.end() - from);
                return events.size();
            }
            if (!finished) {
                return 0;
            }
            // Nothing whole is left: a torn tail is dropped with the file.
            release(Files.size(file(segment)) - read.end());
            writePosition(new Position(segment + 1, 0));
            Files.deleteIfExists(file(segment));
        }
        return 0;
    }

    private List<Long> segments() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".spool"))
                    .map(name -> Long.parseLong(name.substring(0, name.length() - ".spool".length())))
                    .sorted()
                    .toList();
        }
    }

    private Path file(long segment) {
        return folder.resolve("%012d.spool".formatted(segment));
    }

    private Position readPosition() throws IOException {
        var file = folder.resolve("position");
        if (!Files.exists(file)) {
            return new Position(0, 0);
        }
        try {
            var parts = Files.readString(file).strip().split(" ", -1);
            return new Position(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException torn) {
            log.warn("The position of the spool in {} is torn; everything there is sent again", folder, torn);
            return new Position(0, 0);
        }
    }

    private void writePosition(Position position) throws IOException {
        var next = folder.resolve("position.next");
        try (var channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(
                    (position.segment() + " " + position.offset() + "\n").getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // Before the name moves: otherwise a crash of the machine may leave an empty file under it.
            channel.force(true);
        }
        Files.move(
                next, folder.resolve("position"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        taken = position;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        running = false;
        wakeShipper();
        try {
            appender.join(Duration.ofSeconds(5));
            shipper.join(Duration.ofSeconds(12));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }
}
