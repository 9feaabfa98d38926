package dk.elleve.backup.rotation;

import dk.elleve.kit.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RotationController {

    /// @param cluster system identifier of the cluster of the process that answers; the rest is told of
    ///     that cluster
    /// @param current fingerprint of the master key in use; says nothing about the key
    /// @param state `current` when it opens every backup and no other key any, `rewrapping` while it is
    ///     being given all data keys, else `mixed`
    /// @param keys how many data keys there are
    /// @param wrappedByCurrent how many of them it opens; when all, the former master keys are not
    ///     needed
    /// @param wrappedByOthers how many of them another master key opens, by its fingerprint
    /// @param lastRun when this process last went through the data keys
    /// @param refusedDeletions old wrappings that the storage then did not let go of
    record KeysView(
            String cluster,
            String current,
            String state,
            int keys,
            int wrappedByCurrent,
            Map<String, Integer> wrappedByOthers,
            @Nullable Instant lastRun,
            int refusedDeletions) {}

    private final Rotation rotation;

    RotationController(Rotation rotation) {
        this.rotation = rotation;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(
            summary =
                    "Which master keys open the backups of the answering process's cluster, and how far a rotation is")
    @GetMapping("/backups/keys")
    KeysView keys() {
        var status = rotation.status();
        var last = rotation.last();
        return new KeysView(
                rotation.cluster(),
                status.current(),
                rotation.state(status),
                status.keys(),
                status.byCurrent(),
                status.byOthers(),
                last.map(Rotation.Last::at).orElse(null),
                last.map(each -> each.done().refused()).orElse(0));
    }
}
