package dk.elleve.backup.drill;

import dk.elleve.backup.cluster.Clusters;
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
class DrillController {

    /// @param cluster system identifier of the cluster to restore; by default that of the process
    ///     that answers
    /// @param comparedWith `source`, which is the default: the copy is of now, and compared with
    ///     the source; or `log`: it is of the newest moment that was tallied, and compared with
    ///     what the audit log of all changes says
    record DrillOrder(@Nullable String cluster, @Nullable String comparedWith) {}

    /// What the id of an accepted order is kept as under its idempotency key.
    record Accepted(String id) {}

    /// An audit log that came back and is what was signed.
    ///
    /// @param database that holds it
    /// @param size how many entries its checkpoint speaks of
    /// @param root of the tree over them, in Base64
    /// @param anchor whether the anchor of that size says the same: `agrees`, `missing`, or `unreadable`
    record LogView(String database, String origin, long size, String root, String anchor) {

        static LogView of(ProvenLog log) {
            return new LogView(
                    log.database(),
                    log.origin(),
                    log.size(),
                    log.root(),
                    log.anchor().word());
        }
    }

    /// @param cluster system identifier of the cluster
    /// @param comparedWith `source`, or `log` for what the audit log of all changes says
    /// @param tablesNotComparable of how many more tables the log can say nothing
    /// @param logs absent when that was not looked at
    /// @param state `running` also while it waits for its turn
    record DrillView(
            String id,
            String cluster,
            String state,
            String cause,
            String comparedWith,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String backup,
            @Nullable String position,
            @Nullable Instant restoredTo,
            @Nullable Duration recoveryTime,
            @Nullable Duration recoveryPoint,
            @Nullable Integer tablesCompared,
            @Nullable Long rowsCompared,
            @Nullable Integer tablesNotComparable,
            @Nullable List<LogView> logs,
            @Nullable Integer erasuresReplayed,
            @Nullable Long recordsErased,
            @Nullable String reason) {

        static DrillView of(DrillRecord drill) {
            return new DrillView(
                    drill.id(),
                    drill.cluster(),
                    drill.state() == DrillRecord.State.QUEUED
                            ? DrillRecord.State.RUNNING.word()
                            : drill.state().word(),
                    drill.cause(),
                    drill.comparedWith().word(),
                    drill.startedAt() == null ? drill.requestedAt() : drill.startedAt(),
                    drill.finishedAt(),
                    drill.backup(),
                    drill.position(),
                    drill.restoredTo(),
                    drill.recoveryTime(),
                    drill.recoveryPoint(),
                    drill.tables(),
                    drill.records(),
                    drill.notComparable(),
                    drill.logs() == null
                            ? null
                            : drill.logs().stream().map(LogView::of).toList(),
                    drill.erasures(),
                    drill.recordsErased(),
                    drill.reason());
        }
    }

    private static final String LIST = "drills";

    private final Drills drills;
    private final Clusters clusters;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;

    DrillController(
            Drills drills, Clusters clusters, Transactions transactions, Idempotency idempotency, Cursors cursors) {
        this.drills = drills;
        this.clusters = clusters;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "Restore drills of one cluster or of all, newest first")
    @GetMapping("/backups/drills")
    Page<DrillView> list(
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String cluster) {
        var size = Page.limit(limit);
        var list = cluster == null ? LIST : LIST + "/" + cluster;
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        return Page.of(
                        drills.page(size, cluster, before),
                        size,
                        drill ->
                                cursors.encode(list, List.of(drill.requestedAt().toString(), drill.id())))
                .map(DrillView::of);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "One drill")
    @GetMapping("/backups/drills/{id}")
    DrillView one(@PathVariable String id) {
        return DrillView.of(find(id));
    }

    @RolesAllowed(Role.ADMINISTRATOR)
    @Operation(
            summary =
                    "Order a restore drill of any cluster, compared with the source or with the log; the cluster's own process carries it out")
    @ApiResponse(responseCode = "202")
    @PostMapping("/backups/drills")
    ResponseEntity<DrillView> order(@RequestBody(required = false) @Nullable DrillOrder order) {
        var cluster = clusters.chosen(order == null ? null : order.cluster());
        if (!cluster.drills()) {
            throw DrillProblem.DRILLS_NOT_SET_UP.with(
                    "In the process of that cluster set elleve.backup.postgres.programs to the bin folder of a PostgreSQL of its version.");
        }
        var comparedWith = comparedWith(order == null ? null : order.comparedWith());
        var actor = Caller.current().actor();
        var accepted = transactions.write(
                Scope.platform(),
                actor,
                () -> idempotency.once(
                        Accepted.class,
                        () -> new Accepted(drills.request(cluster.id(), comparedWith, actor)
                                .id())));
        return ResponseEntity.accepted()
                .location(URI.create("/backups/drills/" + accepted.id()))
                .body(DrillView.of(find(accepted.id())));
    }

    private static ComparedWith comparedWith(@Nullable String word) {
        return word == null
                ? ComparedWith.SOURCE
                : ComparedWith.of(word)
                        .orElseThrow(
                                () -> DrillProblem.COMPARISON_UNKNOWN.with("comparedWith is either source or log."));
    }

    private DrillRecord find(String id) {
        return drills.find(id)
                .orElseThrow(() -> DrillProblem.DRILL_UNKNOWN.with("No drill has the id given in the path."));
    }

    private static DrillStore.Position position(List<String> parts) {
        return new DrillStore.Position(Instant.parse(parts.get(0)), parts.get(1));
    }
}
