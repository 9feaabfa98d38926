package dk.elleve.tenantdata.probe;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import dk.elleve.tenantdata.area.Areas;
import dk.elleve.tenantdata.collection.Collections;
import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Place;
import dk.elleve.tenantdata.http.Precondition;
import dk.elleve.tenantdata.keyring.FieldKeys;
import dk.elleve.tenantdata.keyring.Keys;
import dk.elleve.tenantdata.record.Records;
import dk.elleve.tenantdata.tenant.Tenants;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Measures the claim that personal fields lie encrypted: a canary, stored like any record with a value nobody knew
/// before, is read back as a thief would read it; and the newest records of every collection hold personal fields only
/// where sealed ones belong, in the shape that sealing gives, and in no index but as a hash.
/// No tenant's data is opened for it.
@Component
class EncryptionProbe {

    static final String CLAIM = "encryption.fields";

    private static final Logger log = LoggerFactory.getLogger(EncryptionProbe.class);
    private static final Actor ACTOR = Actor.system("tenant-data/encryption-probe");
    private static final Place CANARY = new Place(new TenantId("elleve-canary"), "canary", "canary");
    private static final String FIELD = "song";
    private static final int NEWEST = 1_000;
    private static final int OTHERS = 5;

    private static final String AREA = """
            {"purpose": "Proving every hour that personal fields lie encrypted", "legalBasis": "6.1.c", "retention": "PT1H"}
            """;
    private static final String COLLECTION = """
            {"schema": {"type": "object", "required": ["song"], "properties":
              {"song": {"type": "string", "x-personal": true, "x-searchable": true}}}}
            """;

    private final ProbeStore store;
    private final Tenants tenants;
    private final Keys keys;
    private final Areas areas;
    private final Collections collections;
    private final Records records;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.builder().build();

    EncryptionProbe(
            ProbeStore store,
            Tenants tenants,
            Keys keys,
            Areas areas,
            Collections collections,
            Records records,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.tenants = tenants;
        this.keys = keys;
        this.areas = areas;
        this.collections = collections;
        this.records = records;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Measures and says what came out. What keeps it from measuring is thrown and says nothing either way.
    void measure() {
        var facts = new TreeMap<String, String>();
        prepare();
        var canary = canary(facts);
        var everybody = everybody(facts);
        var holds = canary && everybody;
        if (!holds) {
            log.error("Personal fields are not encrypted as claimed: {}", facts);
        }
        transactions.run(
                Scope.platform(),
                ACTOR,
                () -> outbox.add(
                        Topic.TENANTDATA_EVIDENCE,
                        CLAIM,
                        null,
                        new Evidence(Ids.nextText(), CLAIM, holds, clock.instant(), facts)));
    }

    private void prepare() {
        var tenant = CANARY.tenant();
        var keyId = keys.create(tenant);
        transactions.run(Scope.of(tenant), ACTOR, () -> tenants.openOwn(tenant, "Canary", keyId, clock.instant()));
        if (!transactions.read(Scope.of(tenant), () -> store.hasArea(CANARY))) {
            areas.put(tenant, ACTOR, CANARY.area(), object(AREA), new Precondition(null, null));
        }
        if (!transactions.read(Scope.of(tenant), () -> store.hasCollection(CANARY))) {
            collections.put(CANARY, ACTOR, object(COLLECTION), new Precondition(null, null));
        }
    }

    private boolean canary(TreeMap<String, String> facts) {
        var value = "canary " + UUID.randomUUID();
        var body = JsonNodeFactory.instance.objectNode().put(FIELD, value);
        var scope = Scope.of(CANARY.tenant());
        var before = transactions.read(scope, () -> store.anyRecord(CANARY));
        var id = before.isPresent()
                ? records.replace(CANARY, ACTOR, before.get().toString(), body, new Precondition("*", null))
                        .id()
                : records.create(CANARY, ACTOR, body).id();
        var raw = transactions.read(scope, () -> store.raw(CANARY, id, FIELD));

        var hidden = !shows(raw.everything(), value);
        var own = keys.of(CANARY.tenant(), CANARY.area(), CANARY.collection());
        var opens = value.equals(opened(own, FIELD, id, raw).orElse(null));
        var elsewhere = opened(own, FIELD, Ids.next(), raw).isPresent()
                || opened(own, "other", id, raw).isPresent()
                || opened(keys.of(CANARY.tenant(), CANARY.area(), "other"), FIELD, id, raw)
                        .isPresent();
        var others = transactions.read(Scope.platform(), tenants::all).stream()
                .filter(each -> !each.equals(CANARY.tenant()) && keys.opens(each))
                .limit(OTHERS)
                .toList();
        var foreign = others.stream()
                .anyMatch(each -> opened(keys.of(each, CANARY.area(), CANARY.collection()), FIELD, id, raw)
                        .isPresent());
        facts.put("canary.hidden", Boolean.toString(hidden));
        facts.put("canary.opensWithItsKey", Boolean.toString(opens));
        facts.put("canary.opensElsewhere", Boolean.toString(elsewhere));
        facts.put("canary.opensForOtherTenants", Boolean.toString(foreign));
        facts.put("canary.otherTenantsTried", Integer.toString(others.size()));
        return hidden && opens && !elsewhere && !foreign;
    }

    private boolean everybody(TreeMap<String, String> facts) {
        long seen = 0;
        long clear = 0;
        var all = transactions.read(Scope.platform(), tenants::all);
        for (var tenant : all) {
            for (var definition : transactions.read(Scope.of(tenant), () -> definitions(tenant))) {
                var personal = definition.layout().personal();
                if (!personal.isEmpty()) {
                    var counted = transactions.read(
                            Scope.of(tenant), () -> store.inClear(definition.place(), personal, NEWEST));
                    seen += counted.seen();
                    clear += counted.clear();
                }
            }
        }
        facts.put("tenants", Integer.toString(all.size()));
        facts.put("records.seen", Long.toString(seen));
        facts.put("records.inClear", Long.toString(clear));
        return clear == 0;
    }

    private List<Definition> definitions(TenantId tenant) {
        return areas.all(tenant).stream()
                .flatMap(area -> collections.all(tenant, area.id()).stream())
                .toList();
    }

    private static Optional<String> opened(FieldKeys keys, String field, UUID id, ProbeStore.Raw raw) {
        try {
            return Optional.of(keys.open(field, id, raw.sealed()).asString(""));
        } catch (Problem stays) {
            return Optional.empty();
        }
    }

    /// Whether the value stands in the text in any of the forms that are not encryption.
    private static boolean shows(String text, String value) {
        var lower = text.toLowerCase(Locale.ROOT);
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return lower.contains(value.toLowerCase(Locale.ROOT))
                || lower.contains(HexFormat.of().formatHex(bytes))
                || text.contains(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }

    private ObjectNode object(String text) {
        return (ObjectNode) json.readTree(text);
    }
}
