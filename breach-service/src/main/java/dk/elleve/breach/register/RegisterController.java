package dk.elleve.breach.register;

import dk.elleve.breach.incident.Incident;
import dk.elleve.breach.incident.Incidents;
import dk.elleve.breach.notice.Notices;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The register (GDPR Art. 33(5)): every case with everything that makes it possible to verify what was done. A
/// tenant's people see their own part of it.
@RestController
class RegisterController {

    private static final String LIST = "register";
    private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

    private final Incidents incidents;
    private final Notices notices;
    private final Transactions transactions;
    private final Cursors cursors;

    RegisterController(Incidents incidents, Notices notices, Transactions transactions, Cursors cursors) {
        this.incidents = incidents;
        this.notices = notices;
        this.transactions = transactions;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "The register of breaches (GDPR Art. 33(5))")
    @GetMapping(path = "/breaches/register", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<RegisterEntry> page(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var scope = Caller.current().scope();
        var size = Page.limit(limit);
        var list = LIST + "/" + scope.setting();
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        return transactions.read(
                scope,
                () -> Page.of(
                                incidents.page(before, size),
                                size,
                                last -> cursors.encode(
                                        list, List.of(last.openedAt().toString(), last.id())))
                        .map(this::entry));
    }

    /// The whole register in one file, as of one moment.
    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "The register of breaches (GDPR Art. 33(5))")
    @GetMapping(path = "/breaches/register", produces = "text/csv")
    ResponseEntity<String> file() {
        var file = transactions.read(Caller.current().scope(), () -> {
            var lines = new StringBuilder(Csv.line(RegisterEntry.COLUMNS));
            Incident.@Nullable Position before = null;
            while (true) {
                var page = incidents.page(before, Page.MAX_LIMIT);
                page.stream()
                        .limit(Page.MAX_LIMIT)
                        .forEach(incident ->
                                lines.append(Csv.line(entry(incident).cells())));
                if (page.size() <= Page.MAX_LIMIT) {
                    return lines.toString();
                }
                var last = page.get(Page.MAX_LIMIT - 1);
                before = new Incident.Position(last.openedAt(), last.id());
            }
        });
        return ResponseEntity.ok()
                .contentType(CSV)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"breach-register.csv\"")
                .body(file);
    }

    private RegisterEntry entry(Incident incident) {
        return RegisterEntry.of(incident, incidents.assess(incident.facts()), notices.told(incident.id()));
    }

    private static Incident.Position position(List<String> parts) {
        return new Incident.Position(Instant.parse(parts.get(0)), parts.get(1));
    }
}
