package dk.elleve.kit.test.part;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The settings a service is given, by the names it reads. Tests and launcher use the same list, so that what passed
/// the tests is what starts.
public final class ServiceSettings {

    /// @param secret belongs into a file of its own that only the service's user reads
    /// @param value asked for when it is used
    public record Setting(String name, boolean secret, Supplier<String> value) {

        @Override
        public String toString() {
            return name;
        }
    }

    /// The data region of this machine; services accept it in the profile `local` only.
    public static final String REGION = "local";

    /// The audit log's name, as it stands in its checkpoints.
    public static final String LOG_NAME = "elleve.local/audit";

    /// The name of the key that signs backups.
    public static final String BACKUPS_NAME = "elleve.local/backups";

    public static final String DPO_ADDRESS = "dpo@elleve.localhost";

    private static final List<String> ENDPOINTS = List.of("database", "kafka", "blob", "keys", "identity", "mail");

    private final House house;
    private final Service service;
    private final List<Setting> settings = new ArrayList<>();

    private ServiceSettings(House house, Service service) {
        this.house = house;
        this.service = service;
    }

    public static List<Setting> of(House house, Service service) {
        var made = new ServiceSettings(house, service);
        made.common();
        service.database().ifPresent(made::database);
        switch (service) {
            case AUDIT -> made.audit();
            case BACKUP -> made.backup();
            case BREACH -> made.breach();
            case GATEWAY -> made.gateway();
            case IDENTITY -> made.identity();
            case TENANT_DATA -> made.tenantData();
        }
        return List.copyOf(made.settings);
    }

    private void common() {
        plain("server.port", () -> Integer.toString(house.listens(service).port()));
        plain("server.address", () -> house.listens(service).host());
        house.actuatorPort().ifPresent(port -> plain("management.server.port", () -> Integer.toString(port)));
        plain("elleve.service", service::label);
        plain("spring.kafka.bootstrap-servers", house::bootstrapServers);
        plain("spring.security.oauth2.resourceserver.jwt.issuer-uri", house::issuer);
        plain("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", house::jwkSet);
        plain(
                "elleve.spool.directory",
                () -> house.folder(service).resolve("spool").toString());
        plain("spring.profiles.active", () -> "local");
        for (var endpoint : ENDPOINTS) {
            plain("elleve.residency.regions." + endpoint, () -> REGION);
        }
        secret("elleve.attribution.key", () -> attributionKey(service));
        secret("elleve.cursor.key", () -> house.secrets().key("cursor." + service.label()));
        if (service.masterKey()) {
            // One key for the three: audit derives its keys from the tenants' own, and backups outlive all of them.
            secret("elleve.master-key", () -> house.secrets().key("master"));
            // Backups, keys and the log's anchors lie there; the others have no business with it.
            secret("elleve.blob.connection-string", house::blobStorage);
        }
    }

    private void database(String database) {
        plain("spring.datasource.url", () -> house.database().url(database));
        plain("spring.datasource.username", () -> database + "_service");
        secret("spring.datasource.password", () -> house.secrets().password(database + "_service"));
        plain("spring.flyway.user", () -> database + "_migrator");
        secret("spring.flyway.password", () -> house.secrets().password(database + "_migrator"));
    }

    private void audit() {
        for (var each : Service.values()) {
            if (each.database().isPresent()) {
                secret("elleve.audit.attribution-keys." + each.label(), () -> attributionKey(each));
            }
        }
        fingerprintKey();
        secret("elleve.audit.log-key", () -> house.secrets().noteKey(LOG_NAME));
        plain("elleve.audit.capture.host", () -> house.database().address().host());
        plain(
                "elleve.audit.capture.port",
                () -> Integer.toString(house.database().address().port()));
        secret("elleve.audit.capture.password", () -> house.secrets().password("audit_capture"));
    }

    private void backup() {
        plain("elleve.backup.wire.user", () -> "backup_wire");
        plain("elleve.backup.wire.host", () -> house.database().address().host());
        plain(
                "elleve.backup.wire.port",
                () -> Integer.toString(house.database().address().port()));
        fingerprintKey();
        secret("elleve.backup.manifest-key", () -> house.secrets().noteKey(BACKUPS_NAME));
        house.backupsSignedSince().ifPresent(since -> plain("elleve.backup.signed-since", since::toString));
        secret("elleve.backup.wire.password", () -> house.secrets().password("backup_wire"));
        plain("elleve.backup.postgres.programs", () -> house.postgresPrograms().toString());
        plain(
                "elleve.backup.drill.folder",
                () -> house.folder(service).resolve("drills").toString());
        // No secret, but made with the log's own key, and so it lies where secrets do.
        secret("elleve.backup.drill.log-keys", () -> house.secrets().noteVerifierKey(LOG_NAME));
    }

    /// One key for the two: what audit says that rows must add up to, backup sees in what it has restored.
    private void fingerprintKey() {
        secret("elleve.fingerprint-key", () -> house.secrets().key("fingerprint"));
    }

    private void gateway() {
        for (var each : Service.values()) {
            if (each != Service.GATEWAY) {
                plain("elleve.gateway.services." + each.label(), () -> house.url(each));
            }
        }
        secret(
                "spring.security.oauth2.client.registration.keycloak.client-secret",
                () -> house.secrets().password(KeycloakPart.GATEWAY_CLIENT));
        plain(
                "spring.security.oauth2.client.provider.keycloak.token-uri",
                () -> house.realm() + "/protocol/openid-connect/token");
    }

    private void identity() {
        plain("elleve.identity.keycloak.url", () -> house.realm().replaceAll("/realms/.*", ""));
        plain("elleve.identity.keycloak.realm", () -> KeycloakPart.REALM);
        plain("elleve.identity.keycloak.client-id", () -> KeycloakPart.IDENTITY_CLIENT);
        secret("elleve.identity.keycloak.client-secret", () -> house.secrets().password(KeycloakPart.IDENTITY_CLIENT));
    }

    private void breach() {
        plain("spring.mail.host", () -> house.smtp().host());
        plain("spring.mail.port", () -> Integer.toString(house.smtp().port()));
        plain("elleve.breach.dpo-address", () -> DPO_ADDRESS);
        plain("elleve.breach.dashboard", house::dashboard);
    }

    private void tenantData() {
        house.scanner().ifPresent(scanner -> {
            plain("elleve.antivirus.host", scanner::host);
            plain("elleve.antivirus.port", () -> Integer.toString(scanner.port()));
        });
    }

    private String attributionKey(Service of) {
        return house.secrets().key("attribution." + of.label());
    }

    private void plain(String name, Supplier<String> value) {
        settings.add(new Setting(name, false, value));
    }

    private void secret(String name, Supplier<String> value) {
        settings.add(new Setting(name, true, value));
    }
}
