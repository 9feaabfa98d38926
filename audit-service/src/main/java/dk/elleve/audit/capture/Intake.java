package dk.elleve.audit.capture;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.EventIds;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.attribution.AttributionSigner;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Takes over transactions, each exactly once: entries, findings and the watermark commit together.
@Component
class Intake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final int PIECE = 1000;
    private static final Actor ACTOR = Actor.system("audit/capture");

    private final Transactions transactions;
    private final WatermarkStore watermarks;
    private final FingerprintStore fingerprints;
    private final Journal journal;
    private final Outbox outbox;
    private final Clock clock;
    private final CaptureCounters counters;
    private final Map<String, AttributionSigner> signers;

    Intake(
            Transactions transactions,
            WatermarkStore watermarks,
            FingerprintStore fingerprints,
            Journal journal,
            Outbox outbox,
            Clock clock,
            CaptureCounters counters,
            CaptureProperties properties) {
        this.transactions = transactions;
        this.watermarks = watermarks;
        this.fingerprints = fingerprints;
        this.journal = journal;
        this.outbox = outbox;
        this.clock = clock;
        this.counters = counters;
        this.signers = properties.signers();
    }

    /// Takes over what is new of these, in order. When it returns, the slot may be told of `released`.
    void take(SourceId source, List<RowTransaction> committed, long released) {
        var signer = signers.get(source.database());
        transactions.run(Scope.platform(), ACTOR, () -> {
            long watermark = watermarks
                    .find(source)
                    .map(WatermarkStore.Watermark::commit)
                    .orElse(0L);
            var tally = new Tally(fingerprints, source, committed);
            var entries = new Piece();
            long repeated = 0;
            long authorless = 0;
            for (var transaction : committed) {
                // After a crash the slot sends again what it was not told of.
                if (transaction.commitLsn() <= watermark) {
                    repeated += transaction.changes().size();
                    continue;
                }
                tally.take(transaction);
                var decision = Ledger.decide(source, transaction, signer, clock.instant());
                decision.entries().forEach(entries::add);
                authorless += decision.finding().isPresent() ? 1 : 0;
                decision.finding().ifPresent(this::tell);
                watermark = transaction.commitLsn();
            }
            entries.flush();
            tally.end(released);
            watermarks.move(source, watermark, released);
            counters.stored(source.database(), entries.added, repeated, authorless);
        });
    }

    /// Entries on their way into the log, as many as fit into memory with their sealed forms beside them.
    private final class Piece {

        private final List<NewEntry> entries = new ArrayList<>(PIECE);
        private long size;
        private long added;

        void add(NewEntry entry) {
            entries.add(entry);
            size += Images.size(entry.content().before())
                    + Images.size(entry.content().after());
            if (entries.size() == PIECE || size >= Changes.KEPT_SIZE) {
                flush();
            }
        }

        void flush() {
            journal.add(entries);
            added += entries.size();
            entries.clear();
            size = 0;
        }
    }

    /// Notes that a slot that was made anew begins here: what lies before was told of as missing.
    void renewed(SourceId source, SlotState slot) {
        transactions.run(Scope.platform(), ACTOR, () -> watermarks.move(source, 0, slot.confirmed()));
    }

    /// Begins with a source: sees whether anything is missing between what is in the log and what will come, and says
    /// so in the log and to the breach register. Never goes on quietly.
    void begin(SourceId source, SlotState slot) {
        transactions.run(Scope.platform(), ACTOR, () -> {
            var watermark = watermarks.find(source);
            if (!slot.usable()) {
                gap(source, slot, slot.exists() ? "slot-lost" : "slot-missing");
            } else if (watermark.isPresent()
                    && slot.confirmed() > watermark.get().released()) {
                gap(source, slot, "slot-moved");
            } else if (watermark.isEmpty() && watermarks.everCaptured(source.database())) {
                gap(source, slot, "database-restored");
            }
            watermarks.move(source, 0, slot.confirmed());
        });
    }

    private void gap(SourceId source, SlotState slot, String reason) {
        var now = clock.instant();
        fingerprints.forget(source);
        long from =
                watermarks.find(source).map(WatermarkStore.Watermark::commit).orElse(0L);
        log.error(
                "Changes of {} may be missing: {} (taken over up to {}, slot at {})",
                source.database(),
                reason,
                from,
                slot.confirmed());
        var id = EventIds.of("gap", source.toString(), reason, now.toString());
        var facts = Map.of(
                "reason", reason,
                "database", source.database(),
                "takenOver", Long.toString(from),
                "slot", Long.toString(slot.confirmed()));
        journal.add(new NewEntry(
                id,
                EntryKind.GAP,
                Set.of(Mark.GAP, Mark.SYSTEM),
                null,
                now,
                new Content(ACTOR, source.database() + "/slot", null, Map.copyOf(facts), Map.of())));
        tell(new Finding(
                "audit-gap-" + id,
                "audit-gap",
                Finding.Severity.HIGH,
                null,
                now,
                null,
                source.database() + "/slot",
                facts));
    }

    private void tell(Finding finding) {
        var tenant = finding.tenant();
        outbox.add(Topic.AUDIT_FINDINGS, tenant == null ? "platform" : tenant.value(), tenant, finding);
    }
}
