package dk.elleve.contracts;

import dk.elleve.contracts.audit.AuditEvent;
import dk.elleve.contracts.audit.TallyEvent;
import dk.elleve.contracts.backup.BackupEvent;
import dk.elleve.contracts.breach.IncidentEvent;
import dk.elleve.contracts.gateway.Access;
import dk.elleve.contracts.gateway.Activity;
import dk.elleve.contracts.identity.GrantEvent;
import dk.elleve.contracts.identity.LoginEvent;
import dk.elleve.contracts.identity.TenantEvent;
import dk.elleve.contracts.tenantdata.ErasureEvent;
import dk.elleve.contracts.tenantdata.Read;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The name on the wire (`ce_type`) of each event: `dk.elleve.<owner>.<event>.v1`, such as
/// `dk.elleve.identity.tenant-opened.v1`. A name is never given to another shape; a new shape gets a
/// new version beside the old one.
public final class EventType {

    private static final Map<String, Class<? extends Event>> BY_NAME = new LinkedHashMap<>();
    private static final Map<Class<? extends Event>, String> BY_CLASS = new LinkedHashMap<>();

    static {
        registerSealed("identity", TenantEvent.class);
        registerSealed("identity", GrantEvent.class);
        registerSealed("identity", LoginEvent.class);
        registerSealed("tenantdata", ErasureEvent.class);
        registerSealed("backup", BackupEvent.class);
        registerSealed("breach", IncidentEvent.class);
        registerSealed("audit", AuditEvent.class);
        registerSealed("audit", TallyEvent.class);
        register("tenantdata", Read.class);
        register("gateway", Access.class);
        register("gateway", Activity.class);
        register("platform", Finding.class);
        register("platform", Evidence.class);
    }

    private EventType() {}

    /// The wire name of an event.
    ///
    /// @throws IllegalArgumentException if the class is not part of the platform's language
    public static String nameOf(Class<? extends Event> type) {
        return Optional.ofNullable(BY_CLASS.get(type))
                .orElseThrow(() ->
                        new IllegalArgumentException(type + " is not an event of the platform: list it in EventType"));
    }

    /// The class behind a wire name; empty for a name or version this build does not know.
    public static Optional<Class<? extends Event>> classOf(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// Every wire name with its class, in the order of their owners.
    public static Map<String, Class<? extends Event>> all() {
        return Collections.unmodifiableMap(BY_NAME);
    }

    private static <T extends Event> void registerSealed(String owner, Class<T> family) {
        Arrays.stream(family.getPermittedSubclasses()).forEach(type -> register(owner, type.asSubclass(Event.class)));
    }

    private static void register(String owner, Class<? extends Event> type) {
        var words =
                type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        var name = "dk.elleve." + owner + "." + words + ".v1";
        BY_NAME.put(name, type);
        BY_CLASS.put(type, name);
    }
}
