package dk.elleve.kit.test.part;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The six services, and what each of them is given to run.
public enum Service {
    IDENTITY("identity", "identity-service", "identity", false),
    TENANT_DATA("tenant-data", "tenant-data-service", "tenant_data", true),
    BACKUP("backup", "backup-service", "backup", true),
    BREACH("breach", "breach-service", "breach", false),
    AUDIT("audit", "audit-service", "audit", true),
    GATEWAY("gateway", "gateway", null, false);

    private final String label;
    private final String module;
    private final @Nullable String database;
    private final boolean masterKey;

    Service(String label, String module, @Nullable String database, boolean masterKey) {
        this.label = label;
        this.module = module;
        this.database = database;
        this.masterKey = masterKey;
    }

    /// The value of `elleve.service`.
    public String label() {
        return label;
    }

    /// The Maven module, which is also the name of its folder and its jar.
    public String module() {
        return module;
    }

    public Optional<String> database() {
        return Optional.ofNullable(database);
    }

    boolean masterKey() {
        return masterKey;
    }

    /// @throws IllegalArgumentException if no service has that label
    public static Service labelled(String label) {
        for (var service : values()) {
            if (service.label.equals(label)) {
                return service;
            }
        }
        throw new IllegalArgumentException("There is no service " + label);
    }
}
