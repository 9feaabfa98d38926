package dk.elleve.audit.access;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.EventIds;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.backup.BackupEvent;
import dk.elleve.contracts.gateway.Access;
import dk.elleve.contracts.identity.LoginEvent.LoginSeen;
import dk.elleve.contracts.identity.TenantEvent;
import dk.elleve.contracts.tenantdata.ErasureEvent;
import dk.elleve.contracts.tenantdata.ErasureEvent.TenantErased;
import dk.elleve.contracts.tenantdata.Read;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.trace.Trace;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Writes down what the neighbours tell.
@Component
class AccessListener {

    private static final Actor ACTOR = Actor.system("audit/access");
    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> FIELDS = new TypeReference<>() {};

    private final Transactions transactions;
    private final Inbox inbox;
    private final Journal journal;
    private final Keyring keyring;
    private final JsonMapper json;

    AccessListener(Transactions transactions, Inbox inbox, Journal journal, Keyring keyring, JsonMapper json) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.journal = journal;
        this.keyring = keyring;
        this.json = json;
    }

    @KafkaListener(
            topics = {
                "gateway.accesses.v1",
                "tenantdata.reads.v1",
                "tenantdata.erasures.v1",
                "identity.tenants.v1",
                "identity.logins.v1",
                "backup.runs.v1"
            })
    void on(Received received) {
        if (received.event() instanceof TenantErased erased) {
            // The key is destroyed; sealed under what is kept of it here, this entry could never be read.
            keyring.forget(erased.tenant());
        }
        transactions.run(
                Scope.platform(),
                ACTOR,
                () -> inbox.once("audit/access", received.id(), () -> journal.add(entry(received))));
    }

    private NewEntry entry(Received received) {
        return switch (received.event()) {
            case Access access ->
                entry(
                        received,
                        EntryKind.ACCESS,
                        marks(access),
                        access.tenant(),
                        access.at(),
                        access.actor(),
                        access.method() + " " + access.path(),
                        fields(access, "actor", "tenant", "at", "method", "path"));
            case Read read ->
                entry(
                                received,
                                EntryKind.READ,
                                marks(read.actor()),
                                read.tenant(),
                                read.at(),
                                read.actor(),
                                "tenant_data/record/" + read.area() + "," + read.collection(),
                                fields(read, "actor", "tenant", "at"))
                        .about(read.records().stream()
                                .map(record -> "tenant_data/record/"
                                        + String.join(
                                                ",", read.tenant().value(), read.area(), read.collection(), record))
                                .distinct()
                                .toList());
            case TenantEvent tenant ->
                entry(
                        received,
                        EntryKind.TENANT,
                        Set.of(Mark.SYSTEM),
                        tenant.tenant(),
                        received.time(),
                        Actor.system(owner(received)),
                        "identity/tenant/" + tenant.tenant(),
                        named(tenant));
            case ErasureEvent erasure ->
                entry(
                        received,
                        EntryKind.ERASURE,
                        Set.of(Mark.ERASURE, Mark.SYSTEM),
                        erasure.tenant(),
                        received.time(),
                        Actor.system(owner(received)),
                        "tenant_data/tenant/" + erasure.tenant(),
                        named(erasure));
            case LoginSeen login ->
                entry(
                        received,
                        EntryKind.LOGIN,
                        login.error() == null ? Set.of() : Set.of(Mark.DENIED),
                        null,
                        login.at(),
                        login.user() == null ? Actor.NOBODY : new Actor(Actor.Kind.USER, login.user(), null),
                        "identity/login/" + login.kind(),
                        fields(login, "user", "at"));
            case BackupEvent backup ->
                entry(
                        received,
                        EntryKind.BACKUP,
                        Set.of(Mark.SYSTEM),
                        null,
                        received.time(),
                        Actor.system(owner(received)),
                        "backup/cluster/" + backup.cluster(),
                        named(backup));
            case Event other ->
                throw new IllegalStateException("Nobody says " + other.getClass() + " on " + received.topic());
        };
    }

    private static NewEntry entry(
            Received received,
            EntryKind kind,
            Set<Mark> marks,
            @Nullable TenantId tenant,
            Instant time,
            Actor actor,
            String resource,
            Map<String, @Nullable Object> after) {
        var origin = new LinkedHashMap<>(Map.of("topic", received.topic().wireName(), "event", received.id()));
        var trace = Trace.id();
        if (trace != null) {
            origin.put("trace", trace);
        }
        return new NewEntry(
                EventIds.of(received.topic().wireName(), received.id()),
                kind,
                marks,
                tenant,
                time,
                new Content(actor, resource, null, after, origin));
    }

    private static Set<Mark> marks(Access access) {
        var marks = marks(access.actor());
        if (access.status() == 401 || access.status() == 403 || access.reason().equals("denied")) {
            marks.add(Mark.DENIED);
        }
        return marks;
    }

    private static Set<Mark> marks(Actor actor) {
        var marks = EnumSet.noneOf(Mark.class);
        if (actor.grant() != null) {
            marks.add(Mark.UNDER_GRANT);
        }
        if (actor.kind() == Actor.Kind.STAFF) {
            marks.add(Mark.STAFF);
        }
        return marks;
    }

    private static String owner(Received received) {
        return received.topic().owner();
    }

    private Map<String, @Nullable Object> named(Event event) {
        var fields = fields(event);
        fields.put("event", event.getClass().getSimpleName());
        return fields;
    }

    private Map<String, @Nullable Object> fields(Event event, String... without) {
        var fields = json.convertValue(event, FIELDS);
        for (var name : without) {
            fields.remove(name);
        }
        return fields;
    }
}
