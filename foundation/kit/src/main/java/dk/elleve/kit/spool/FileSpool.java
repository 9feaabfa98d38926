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
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

    private record Append(byte[] record, CompletableFuture<Void> durable) {}

    private record Position(long segment, long offset) {}

    private final Path folder;
    private final long bound;
    private final Duration patience;
    private final Envelopes envelopes;
    private final EventSender sender;
    private final JsonMapper json;
    private final BlockingQueue<Append> queue = new ArrayBlockingQueue<>(4096);
    private final AtomicLong held = new AtomicLong();
    private volatile boolean running;
    /// Owned by the appending thread; read by the shipping thread to know which file still grows.
    private volatile long growing;

    private Position taken;
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
        var record = json.writeValueAsBytes(envelopes.pack(topic, key, tenant, event));
        var append = new Append(record, new CompletableFuture<>());
        try {
            if (held.get() + record.length > bound
                    || !queue.offer(append, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SpoolFull(held.get());
            }
            append.durable().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpoolFull(held.get());
        } catch (CompletionException failed) {
            throw new IllegalStateException("The spool in " + folder + " cannot be written", failed.getCause());
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
                waiting += Files.size(file(segment));
            }
            held.set(waiting - (segments.contains(taken.segment()) ? taken.offset() : 0));
            growing = Math.max(taken.segment(), segments.isEmpty() ? 0 : segments.getLast()) + 1;
        } catch (IOException e) {
            throw new UncheckedIOException("The spool in " + folder + " cannot be opened", e);
        }
        running = true;
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
                try {
                    if (channel == null || size >= SEGMENT) {
                        if (channel != null) {
                            channel.close();
                            growing++;
                        }
                        channel = FileChannel.open(
                                file(growing),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.APPEND);
                        size = channel.size();
                        // Without this a crash may forget that the file exists, though its bytes were forced.
                        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                            directory.force(true);
                        }
                    }
                    for (var append : batch) {
                        ByteBuffer bytes = SegmentFile.encode(append.record());
                        size += bytes.remaining();
                        held.addAndGet(bytes.remaining());
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                    }
                    // The one fsync that all of the batch waited for; a crash before it leaves records nobody was told
                    // of.
                    channel.force(false);
                    batch.forEach(append -> append.durable().complete(null));
                } catch (IOException failed) {
                    // What is half written must not be followed: the next batch goes to a new file.
                    batch.forEach(append -> append.durable().completeExceptionally(failed));
                    if (channel != null) {
                        channel.close();
                        channel = null;
                        growing++;
                    }
                }
                batch.clear();
            }
            if (channel != null) {
                channel.close();
            }
        } catch (IOException | InterruptedException stopped) {
            log.error("The spool in {} stopped; appends fail until the service is started again", folder, stopped);
            running = false;
        }
    }

    private void shipLoop() {
        while (running) {
            try {
                if (ship() == 0) {
                    pause(100);
                }
            } catch (IOException | RuntimeException failed) {
                log.warn("The spool keeps {} bytes; they are sent when Kafka takes them", held.get(), failed);
                pause(1000);
            }
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
                held.addAndGet(from - read.end());
                return events.size();
            }
            if (!finished) {
                return 0;
            }
            // Nothing whole is left: a torn tail is dropped with the file.
            held.addAndGet(read.end() - Files.size(file(segment)));
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
        var parts = Files.readString(file).strip().split(" ", -1);
        return new Position(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    private void writePosition(Position position) throws IOException {
        var next = folder.resolve("position.next");
        Files.write(next, (position.segment() + " " + position.offset() + "\n").getBytes(StandardCharsets.US_ASCII));
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
