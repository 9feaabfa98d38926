package dk.elleve.backup.erasure;

import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ErasureController {

    private static final String LIST = "erasures";

    private final Erasures erasures;
    private final Cursors cursors;

    ErasureController(Erasures erasures, Cursors cursors) {
        this.erasures = erasures;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DPO, Role.AUDITOR})
    @Operation(summary = "Erasures that no restore undoes, newest first, for each cluster with its proof")
    @GetMapping("/backups/erasures")
    Page<ErasureRecord> list(
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor,
            @RequestParam @Nullable String tenant,
            @RequestParam @Nullable String cluster) {
        var size = Page.limit(limit);
        var list = LIST + "/" + (tenant == null ? "" : tenant) + (cluster == null ? "" : "/" + cluster);
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        return Page.of(
                erasures.page(size, tenant, cluster, before),
                size,
                each -> cursors.encode(list, List.of(each.erasedAt().toString(), each.id(), each.cluster())));
    }

    private static ErasureStore.Position position(List<String> parts) {
        return new ErasureStore.Position(Instant.parse(parts.get(0)), parts.get(1), parts.get(2));
    }
}
