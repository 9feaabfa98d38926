package dk.elleve.audit.search;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RolesAllowed({Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
class EntryController {

    /// @param actor absent, like resource and images, when the tenant's key is destroyed: then flagged `erased`
    record EntryView(
            long index,
            Instant time,
            String kind,
            @Nullable TenantId tenant,
            @Nullable Actor actor,
            @Nullable String resource,
            @Nullable Map<String, @Nullable Object> before,
            @Nullable Map<String, @Nullable Object> after,
            List<String> flags) {}

    /// Changes nobody answers for.
    private static final List<String> WITHOUT_AUTHOR = List.of("unattributed", "forged", "replayed");

    private final SearchStore store;
    private final PayloadSeal seal;
    private final Transactions transactions;
    private final Cursors cursors;

    EntryController(SearchStore store, PayloadSeal seal, Transactions transactions, Cursors cursors) {
        this.store = store;
        this.seal = seal;
        this.transactions = transactions;
        this.cursors = cursors;
    }

    @GetMapping("/audit/entries")
    Page<EntryView> list(
            @RequestParam @Nullable String actor,
            @RequestParam @Nullable String tenant,
            @RequestParam @Nullable String kind,
            @RequestParam @Nullable String resource,
            @RequestParam @Nullable String flag,
            @RequestParam(defaultValue = "false") boolean unattributed,
            @RequestParam @Nullable Instant from,
            @RequestParam @Nullable Instant to,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        var scope = Caller.current().scope();
        int size = Page.limit(limit);
        var list = Stream.of("audit", scope.setting(), actor, tenant, kind, resource, flag, unattributed, from, to)
                .map(Objects::toString)
                .reduce("", (a, b) -> a + "\n" + b);
        var before = cursor == null
                ? null
                : Long.valueOf(cursors.decode(list, cursor).getFirst());
        var rows = transactions.read(scope, () -> {
            var filter = new EntryFilter(
                    actor == null ? null : indexes(scope, List.of("actor"), actor),
                    resource == null ? null : indexes(scope, List.of("resource", "table"), resource),
                    tenant,
                    kind,
                    unattributed ? WITHOUT_AUTHOR : flag == null ? null : List.of(flag),
                    from,
                    to);
            return store.page(filter, size, before);
        });
        return Page.of(rows, size, row -> cursors.encode(list, List.of(Long.toString(row.index()))))
                .map(this::view);
    }

    @GetMapping("/audit/entries/{index}")
    EntryView one(@PathVariable long index) {
        return transactions
                .read(Caller.current().scope(), () -> store.find(index))
                .map(this::view)
                .orElseThrow(() -> CommonProblem.NOT_FOUND.with("Take the index from the list of entries."));
    }

    /// The value under every key it may have been indexed with: the platform's, and those of the tenants in sight.
    private List<byte[]> indexes(Scope scope, List<String> fields, String value) {
        var tenants = switch (scope) {
            case Scope.Tenant(var id) -> List.of(id);
            case Scope.Platform() -> store.tenants();
        };
        var indexes = new ArrayList<byte[]>();
        for (var field : fields) {
            seal.indexOf(null, field, value).ifPresent(indexes::add);
            tenants.forEach(tenant -> seal.indexOf(tenant, field, value).ifPresent(indexes::add));
        }
        return indexes;
    }

    private EntryView view(EntryRow row) {
        var content = seal.open(row.eventId(), row.tenant(), row.underTenantKey(), row.time(), row.payload());
        var flags = content.isPresent()
                ? row.flags()
                : Stream.concat(row.flags().stream(), Stream.of("erased")).toList();
        Content said = content.orElse(null);
        return new EntryView(
                row.index(),
                row.time(),
                row.kind(),
                row.tenant(),
                said == null ? null : said.actor(),
                said == null ? null : said.resource(),
                said == null ? null : said.before(),
                said == null ? null : said.after(),
                flags);
    }
}
