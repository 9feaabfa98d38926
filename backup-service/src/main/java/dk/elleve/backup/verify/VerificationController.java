package dk.elleve.backup.verify;

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
class VerificationController {

    /// @param kind `whole` or `sample`
    /// @param cluster system identifier of the cluster whose part is read; by default that of the
    ///     process that answers
    record VerificationOrder(
            @Nullable String kind, @Nullable String cluster) {}

    /// What the id of an accepted order is kept as under its idempotency key.
    record Accepted(String id) {}

    /// @param cluster system identifier of the cluster
    /// @param kind `whole`, or `sample` for a seventh of the objects, another one each day
    /// @param state `running` also while it waits for its turn, `passed`, or `failed` when anything is
    ///     missing or damaged
    /// @param objects how many objects were read …
    /// @param total … of so many
    /// @param bytes their content, unpacked
    /// @param problems what is missing or damaged, at most about a hundred
    /// @param orphans objects that belong to nothing, at most a hundred
    record VerificationView(
            String id,
            String cluster,
            String kind,
            String state,
            String cause,
            Instant startedAt,
            @Nullable Instant finishedAt,
            long objects,
            long total,
            long bytes,
            List<Damage> problems,
            List<String> orphans,
            @Nullable String reason) {

        static VerificationView of(Verification read) {
            return new VerificationView(
                    read.id(),
                    read.cluster(),
                    read.kind(),
                    read.state() == Verification.State.QUEUED
                            ? Verification.State.RUNNING.word()
                            : read.state().word(),
                    read.cause(),
                    read.startedAt() == null ? read.requestedAt() : read.startedAt(),
                    read.finishedAt(),
                    read.objects(),
                    read.total(),
                    read.bytes(),
                    read.problems(),
                    read.orphans(),
                    read.reason());
        }
    }

    private static final String LIST = "verifications";

    private final Verifications verifications;
    private final Clusters clusters;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;

    VerificationController(
            Verifications verifications,
            Clusters clusters,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors) {
        this.verifications = verifications;
        this.clusters = clusters;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "Readings of what lies in the vault, of one cluster or of all, newest first")
    @GetMapping("/backups/verifications")
    Page<VerificationView> list(
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String cluster) {
        var size = Page.limit(limit);
        var list = cluster == null ? LIST : LIST + "/" + cluster;
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        return Page.of(
                        verifications.page(size, cluster, before),
                        size,
                        read -> cursors.encode(list, List.of(read.requestedAt().toString(), read.id())))
                .map(VerificationView::of);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "One reading")
    @GetMapping("/backups/verifications/{id}")
    VerificationView one(@PathVariable String id) {
        return VerificationView.of(find(id));
    }

    @RolesAllowed(Role.ADMINISTRATOR)
    @Operation(summary = "Order a reading of what lies of any cluster in the vault; the cluster's own process reads it")
    @ApiResponse(responseCode = "202")
    @PostMapping("/backups/verifications")
    ResponseEntity<VerificationView> order(@RequestBody VerificationOrder order) {
        var kind = order.kind();
        if (kind == null || !kind.equals(Verification.WHOLE) && !kind.equals(Verification.SAMPLE)) {
            throw VerifyProblem.VERIFICATION_KIND_UNKNOWN.with("`kind` must be `whole` or `sample`.");
        }
        var cluster = clusters.chosen(order.cluster()).id();
        var actor = Caller.current().actor();
        var accepted = transactions.write(
                Scope.platform(),
                actor,
                () -> idempotency.once(
                        Accepted.class,
                        () -> new Accepted(
                                verifications.request(cluster, kind, actor).id())));
        return ResponseEntity.accepted()
                .location(URI.create("/backups/verifications/" + accepted.id()))
                .body(VerificationView.of(find(accepted.id())));
    }

    private Verification find(String id) {
        return verifications
                .find(id)
                .orElseThrow(
                        () -> VerifyProblem.VERIFICATION_UNKNOWN.with("No verification has the id given in the path."));
    }

    private static VerificationStore.Position position(List<String> parts) {
        return new VerificationStore.Position(Instant.parse(parts.get(0)), parts.get(1));
    }
}
