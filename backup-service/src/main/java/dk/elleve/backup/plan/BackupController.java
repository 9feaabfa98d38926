package dk.elleve.backup.plan;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.CatalogueStore;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.vault.Immutability;
import dk.elleve.backup.vault.ImmutabilityWatch;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class BackupController {

    /// @param kind `full`
    record Order(@Nullable String kind) {}

    /// What the id of an accepted order is kept as under its idempotency key.
    record Accepted(String id) {}

    /// @param bytes what lies in the vault
    /// @param bytesRead what the server has sent so far
    /// @param bytesExpected what it announced, while the run is under way
    record BackupView(
            String id,
            String kind,
            String state,
            String cause,
            Instant requestedAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Long bytes,
            @Nullable Long bytesRead,
            @Nullable Long bytesExpected,
            @Nullable String start,
            @Nullable String end,
            @Nullable String reason) {}

    /// @param state `protected` when a full backup is there, WAL is within its limit and nothing was lost since
    /// @param walAge how old the oldest WAL outside the vault may be
    /// @param maxWalGap the oldest it has been since the service started
    /// @param lastWalAt everything written by then is in the vault
    /// @param immutability what keeps the vault's objects; absent until the storage has told
    record StatusView(
            String cluster,
            String state,
            boolean streaming,
            @Nullable String trouble,
            Duration walAge,
            double walLagSeconds,
            Duration maxWalGap,
            Duration walLimit,
            @Nullable Instant lastWalAt,
            String walShipped,
            @Nullable Instant lastFull,
            @Nullable Instant nextBackup,
            @Nullable String region,
            @Nullable ImmutabilityView immutability,
            List<Gap> gaps) {}

    /// @param state `locked`: nobody can delete; `unlocked`: kept, but by something that can be taken away,
    ///     or that the storage does not call locked; `none`; `unsupported`: the storage knows no immutability
    /// @param until when the object that was looked at is let go
    /// @param softDeleteDays how long what is deleted can be brought back
    record ImmutabilityView(
            String state,
            @Nullable Instant until,
            boolean legalHold,
            boolean versions,
            @Nullable Integer softDeleteDays) {

        static ImmutabilityView of(Immutability seen) {
            return new ImmutabilityView(
                    seen.state().word(), seen.until(), seen.legalHold(), seen.versions(), seen.softDeleteDays());
        }
    }

    private static final String LIST = "backups";

    private final Catalogue catalogue;
    private final BackupRuns runs;
    private final WalShipper wal;
    private final ImmutabilityWatch immutability;
    private final PlanProperties properties;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;

    BackupController(
            Catalogue catalogue,
            BackupRuns runs,
            WalShipper wal,
            ImmutabilityWatch immutability,
            PlanProperties properties,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors) {
        this.catalogue = catalogue;
        this.runs = runs;
        this.wal = wal;
        this.immutability = immutability;
        this.properties = properties;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "Backups, newest first")
    @GetMapping("/backups")
    Page<BackupView> list(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var size = Page.limit(limit);
        var before = cursor == null ? null : position(cursors.decode(LIST, cursor));
        var page = catalogue.page(size, before);
        return Page.of(
                        page,
                        size,
                        run -> cursors.encode(LIST, List.of(run.requestedAt().toString(), run.id())))
                .map(this::view);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DEPLOYER})
    @Operation(summary = "One backup")
    @GetMapping("/backups/{id}")
    BackupView one(@PathVariable String id) {
        return view(find(id));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DEPLOYER})
    @Operation(summary = "Order a backup")
    @ApiResponse(responseCode = "202")
    @PostMapping("/backups")
    ResponseEntity<BackupView> order(@RequestBody Order order) {
        if (!Run.FULL.equals(order.kind())) {
            throw BackupProblem.KIND_NOT_OFFERED.with(
                    "Only `full` can be ordered; the WAL between two of them is kept anyway.");
        }
        var actor = Caller.current().actor();
        var accepted = transactions.write(
                Scope.platform(),
                actor,
                () -> idempotency.once(
                        Accepted.class, () -> new Accepted(runs.request(actor).id())));
        return ResponseEntity.accepted()
                .location(URI.create("/backups/" + accepted.id()))
                .body(view(find(accepted.id())));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "Whether everything is in the vault, and how old the oldest change outside it may be")
    @GetMapping("/backups/status")
    StatusView status() {
        var status = wal.status();
        var full = catalogue.newestFull();
        var gaps = catalogue.gaps();
        var safe = full.isPresent()
                && status.age().compareTo(properties.walLimit()) <= 0
                && status.safeUntil().isPresent()
                && gaps.stream()
                        .allMatch(gap -> full.get().startedAt() != null
                                && gap.foundAt().isBefore(full.get().startedAt()));
        return new StatusView(
                catalogue.cluster(),
                safe ? "protected" : "unprotected",
                status.streaming(),
                status.trouble().orElse(null),
                status.age(),
                status.age().toMillis() / 1000.0,
                status.maxAge(),
                properties.walLimit(),
                status.safeUntil().orElse(null),
                status.shipped(),
                full.map(Run::finishedAt).orElse(null),
                full.map(Run::startedAt)
                        .map(at -> at.plus(properties.fullEvery()))
                        .orElse(null),
                properties.region(),
                immutability.newest().map(ImmutabilityView::of).orElse(null),
                gaps);
    }

    private static CatalogueStore.Position position(List<String> parts) {
        return new CatalogueStore.Position(Instant.parse(parts.get(0)), parts.get(1));
    }

    private Run find(String id) {
        return catalogue
                .find(id)
                .orElseThrow(() -> BackupProblem.BACKUP_UNKNOWN.with("No backup has the id given in the path."));
    }

    private BackupView view(Run run) {
        var progress = runs.progress(run.id());
        return new BackupView(
                run.id(),
                run.kind(),
                run.state().word(),
                run.cause(),
                run.requestedAt(),
                run.startedAt(),
                run.finishedAt(),
                run.bytesStored(),
                progress.map(BackupRuns.Progress::bytes).orElse(run.bytesRead()),
                progress.map(BackupRuns.Progress::expected).orElse(null),
                run.start(),
                run.end(),
                run.reason());
    }
}
