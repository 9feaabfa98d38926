package dk.elleve.backup.plan;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.CatalogueStore;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.cluster.Clusters;
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
import java.time.ZoneOffset;
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

    /// @param kind `full` or `incremental`
    /// @param cluster system identifier of the cluster to back up; by default that of the process that
    ///     answers
    record Order(@Nullable String kind, @Nullable String cluster) {}

    /// What the id of an accepted order is kept as under its idempotency key.
    record Accepted(String id) {}

    /// @param cluster system identifier of the cluster
    /// @param base the full backup that an incremental one stands on
    /// @param bytes what lies in the vault
    /// @param bytesRead what the server has sent so far
    /// @param bytesExpected what it announced, while the run is under way
    /// @param blocks blocks of 8 KiB in all files
    /// @param blocksStored those of them that the backup itself holds
    /// @param damagedPages pages that were wrong on the server when it was taken
    /// @param manifest SHA-256 of its manifest, which also stands in the audit log
    /// @param attempts how often the run was begun
    /// @param reason why it failed, or why it was broken off before it goes on
    record BackupView(
            String id,
            String cluster,
            String kind,
            String state,
            String cause,
            Instant requestedAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Long bytes,
            @Nullable Long bytesRead,
            @Nullable Long bytesExpected,
            @Nullable String base,
            @Nullable Long blocks,
            @Nullable Long blocksStored,
            int damagedPages,
            @Nullable String manifest,
            int attempts,
            @Nullable String start,
            @Nullable String end,
            @Nullable String reason) {}

    /// @param cluster system identifier of the cluster of the process that answers
    /// @param state `protected` when a backup is there, WAL is within its limit and nothing was lost
    ///     since
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
            @Nullable Instant lastBackup,
            @Nullable Instant nextBackup,
            @Nullable String region,
            @Nullable ImmutabilityView immutability,
            List<Gap> gaps) {}

    /// @param state `locked`: nobody can delete; `unlocked`: kept, but by something that can be taken
    ///     away, or that the storage does not call locked; `none`; `unsupported`: the storage knows no
    ///     immutability
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
    private final Clusters clusters;
    private final BackupRuns runs;
    private final WalShipper wal;
    private final ImmutabilityWatch immutability;
    private final PlanProperties properties;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;

    BackupController(
            Catalogue catalogue,
            Clusters clusters,
            BackupRuns runs,
            WalShipper wal,
            ImmutabilityWatch immutability,
            PlanProperties properties,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors) {
        this.catalogue = catalogue;
        this.clusters = clusters;
        this.runs = runs;
        this.wal = wal;
        this.immutability = immutability;
        this.properties = properties;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "Backups of one cluster or of all, newest first")
    @GetMapping("/backups")
    Page<BackupView> list(
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String cluster) {
        var size = Page.limit(limit);
        var list = cluster == null ? LIST : LIST + "/" + cluster;
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        var page = catalogue.page(size, cluster, before);
        return Page.of(
                        page,
                        size,
                        run -> cursors.encode(list, List.of(run.requestedAt().toString(), run.id())))
                .map(this::view);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DEPLOYER})
    @Operation(summary = "One backup")
    @GetMapping("/backups/{id}")
    BackupView one(@PathVariable String id) {
        return view(find(id));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DEPLOYER})
    @Operation(summary = "Order a backup of any cluster; the cluster's own process takes it")
    @ApiResponse(responseCode = "202")
    @PostMapping("/backups")
    ResponseEntity<BackupView> order(@RequestBody Order order) {
        var kind = order.kind();
        if (kind == null || !kind.equals(Manifest.FULL) && !kind.equals(Manifest.INCREMENTAL)) {
            throw BackupProblem.KIND_NOT_OFFERED.with("`kind` must be `full` or `incremental`.");
        }
        var cluster = clusters.chosen(order.cluster()).id();
        if (kind.equals(Manifest.INCREMENTAL) && catalogue.newestFull(cluster).isEmpty()) {
            throw BackupProblem.NO_FULL_BACKUP.with(
                    "An incremental backup stands on a full one, and there is none that nothing is wrong with:"
                            + " order a `full` one.");
        }
        var actor = Caller.current().actor();
        var accepted = transactions.write(
                Scope.platform(),
                actor,
                () -> idempotency.once(
                        Accepted.class,
                        () -> new Accepted(runs.request(cluster, kind, actor).id())));
        return ResponseEntity.accepted()
                .location(URI.create("/backups/" + accepted.id()))
                .body(view(find(accepted.id())));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(
            summary = "Whether everything of the answering process's cluster is in the vault, and how old the oldest"
                    + " change outside it may be")
    @GetMapping("/backups/status")
    StatusView status() {
        var status = wal.status();
        var full = catalogue.newestFull();
        var newest = catalogue.newest();
        var safe = newest.isPresent()
                && status.age().compareTo(properties.walLimit()) <= 0
                && status.safeUntil().isPresent()
                && catalogue.openGaps().isEmpty();
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
                newest.map(Run::finishedAt).orElse(null),
                next(full.orElse(null), newest.orElse(null)),
                properties.region(),
                immutability.newest().map(ImmutabilityView::of).orElse(null),
                catalogue.gaps());
    }

    /// When a backup of either kind is due next.
    private @Nullable Instant next(@Nullable Run full, @Nullable Run newest) {
        if (full == null || full.startedAt() == null || newest == null || newest.startedAt() == null) {
            return null;
        }
        var nextFull = full.startedAt().plus(properties.fullEvery());
        var incremental = properties.incrementalCron().next(newest.startedAt().atZone(ZoneOffset.UTC));
        return incremental == null || nextFull.isBefore(incremental.toInstant()) ? nextFull : incremental.toInstant();
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
                run.cluster(),
                run.kind(),
                run.state().word(),
                run.cause(),
                run.requestedAt(),
                run.startedAt(),
                run.finishedAt(),
                run.bytesStored(),
                progress.map(BackupRuns.Progress::bytes).orElse(run.bytesRead()),
                progress.map(BackupRuns.Progress::expected).orElse(null),
                run.base(),
                run.blocks(),
                run.stored(),
                run.damages(),
                run.manifest(),
                run.attempts(),
                run.start(),
                run.end(),
                run.reason());
    }
}
