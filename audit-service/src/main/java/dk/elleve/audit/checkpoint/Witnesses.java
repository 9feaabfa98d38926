package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.LogTiles;
import dk.elleve.kit.measure.Measure;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Note;
import dk.elleve.tlog.NoteSignature;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.TlogException;
import dk.elleve.tlog.VerifierKey;
import dk.elleve.tlog.WitnessClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Others who cosign what the log says, so that it cannot show two histories. One that is away costs its cosignature,
/// never the checkpoint, and is left alone for half a minute, since each question makes the checkpoint wait. One that
/// refuses is told in the log and by the metric, for a person to look.
@Component
class Witnesses implements DisposableBean {

    private static final Measure CONFIGURED =
            new Measure("elleve.audit.witnesses", "Witnesses that are asked to cosign each checkpoint");
    private static final Measure COSIGNED = new Measure(
            "elleve.audit.checkpoint.cosignatures", "Witnesses that have cosigned the newest published checkpoint");

    private static final Duration REST = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(Witnesses.class);

    private final List<WitnessClient> clients;
    private final Map<WitnessClient, Instant> resting = new ConcurrentHashMap<>();
    private final LogTiles tiles;
    private final Clock clock;
    private final long patience;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger cosignatures = new AtomicInteger();

    Witnesses(CheckpointProperties properties, LogTiles tiles, Clock clock, MeterRegistry meters) {
        this.tiles = tiles;
        this.clock = clock;
        this.patience = properties.witnessPatience().toMillis();
        this.clients = properties.witnesses().stream()
                .map(witness -> new WitnessClient(
                        http, witness.url(), VerifierKey.parse(witness.key()), properties.witnessPatience()))
                .toList();
        CONFIGURED.gauge(meters, clients, List::size);
        COSIGNED.gauge(meters, cosignatures, AtomicInteger::get);
    }

    /// The checkpoint with the cosignatures that came in time. Called by the log's one thread.
    Note cosigned(Note checkpoint) {
        var now = clock.instant();
        var asked = clients.stream()
                .filter(client -> !now.isBefore(resting.getOrDefault(client, now)))
                .map(client -> (Callable<Optional<NoteSignature>>) () -> cosignature(client, checkpoint, now))
                .toList();
        var note = checkpoint;
        try {
            for (var answer : threads.invokeAll(asked, patience, TimeUnit.MILLISECONDS)) {
                switch (answer.state()) {
                    case SUCCESS -> note = answer.resultNow().map(note::with).orElse(note);
                    case FAILED -> log.error("A witness could not be asked", answer.exceptionNow());
                    case RUNNING, CANCELLED -> log.warn("A witness did not answer within {} ms", patience);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cosignatures.set(note.signatures().size() - checkpoint.signatures().size());
        return note;
    }

    private Optional<NoteSignature> cosignature(WitnessClient client, Note checkpoint, Instant now)
            throws InterruptedException {
        var size = Checkpoint.parse(checkpoint.text()).size();
        resting.put(client, now.plus(REST)); // also when this is given up on the way
        try {
            var cosignature = client.cosign(checkpoint, old -> new TileReader(tiles, size).consistency(old));
            resting.remove(client);
            return Optional.of(cosignature);
        } catch (WitnessClient.Refused refused) {
            log.error("A witness refused the checkpoint of size {}: does it see another history?", size, refused);
        } catch (IOException | TlogException away) {
            log.warn("No cosignature of {} for size {}: {}", client.witness().name(), size, away.getMessage());
        }
        return Optional.empty();
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
        http.close();
    }
}
