package dk.elleve.audit.search;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// What an export gives, for a receiver that nobody is signed in for: entries in order of index,
/// each as a message of RFC 5424.
@Component
public final class EntryFeed {

    /// What a message says of its entry: as structured data, or as a text after it.
    public enum Form {
        SYSLOG(ExportFormat.SYSLOG),
        CEF(ExportFormat.CEF),
        OCSF(ExportFormat.OCSF);

        private final ExportFormat format;

        Form(ExportFormat format) {
            this.format = format;
        }
    }

    /// Which entries a receiver gets.
    ///
    /// @param tenant this tenant's only, and of them what the tenant itself may see; absent for all
    /// @param kinds only these; all if empty
    /// @param redacted without what the entries say
    public record Selection(@Nullable TenantId tenant, List<String> kinds, boolean redacted) {

        public Selection {
            kinds = List.copyOf(kinds);
        }

        private Scope scope() {
            return tenant == null ? Scope.platform() : Scope.of(tenant);
        }

        private EntryFilter filter() {
            return new EntryFilter(
                    null,
                    null,
                    null,
                    null,
                    tenant == null ? null : tenant.value(),
                    kinds.isEmpty() ? null : kinds,
                    null,
                    null,
                    null);
        }
    }

    public record Message(long index, byte[] bytes) {}

    /// Beyond so many, a backlog is large, and counting on would cost more than it tells.
    private static final int COUNTED = 100_000;

    private static final Logger log = LoggerFactory.getLogger(EntryFeed.class);

    private final SearchStore store;
    private final PayloadSeal seal;
    private final Transactions transactions;
    private final JsonMapper json;

    EntryFeed(SearchStore store, PayloadSeal seal, Transactions transactions, JsonMapper json) {
        this.store = store;
        this.seal = seal;
        this.transactions = transactions;
        this.json = json;
    }

    /// The next messages, at most `limit`: if there are fewer, there are no others.
    ///
    /// @param after only entries with a larger index
    /// @param size only entries of the tree of this size
    public List<Message> after(Selection selection, Form form, long after, long size, int limit) {
        return transactions.read(selection.scope(), () -> store.after(selection.filter(), after, size, limit)).stream()
                .map(row -> new Message(
                        row.index(),
                        form.format
                                .message(new ExportFormat.Line(row, opened(row, selection)), json)
                                .getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /// What is missing to a receiver that has all up to `after`, counted to 100,000.
    public Backlog backlog(Selection selection, long after, long size) {
        return transactions.read(selection.scope(), () -> store.backlog(selection.filter(), after, size, COUNTED));
    }

    private @Nullable Content opened(EntryRow row, Selection selection) {
        var payload = row.payload();
        if (selection.redacted() || payload == null) {
            return null;
        }
        try {
            return seal.open(row.eventId(), row.tenant(), row.underTenantKey(), row.time(), payload)
                    .filter(content -> OperatorsTables.mayBeShown(content, selection.tenant() == null))
                    .orElse(null);
        } catch (PayloadSeal.Tampered tampered) {
            // It goes out as a line that says nothing: one damaged entry must not hold the others up.
            log.error("The log holds a damaged entry at {}", row.index(), tampered);
            return null;
        }
    }
}
