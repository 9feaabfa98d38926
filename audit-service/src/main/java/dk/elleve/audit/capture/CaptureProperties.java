package dk.elleve.audit.capture;

import dk.elleve.kit.attribution.AttributionSigner;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param sources the databases whose changes are captured
/// @param attributionKeys each service's signing key, by the service's label
/// @param capture how the sources are reached
@Validated
@ConfigurationProperties("elleve.audit")
record CaptureProperties(
        @DefaultValue({"identity", "tenant_data", "backup", "breach", "keycloak"})
        List<String> sources,

        @DefaultValue Map<String, String> attributionKeys,
        @Valid Endpoint capture) {

    /// @param user has REPLICATION and nothing else
    record Endpoint(
            @DefaultValue("127.0.0.1") String host,
            @DefaultValue("5432") int port,
            @DefaultValue("audit_capture") String user,
            @NotBlank String password) {

        @Override
        public String toString() {
            return user + "@" + host + ":" + port;
        }
    }

    CaptureProperties {
        sources = List.copyOf(sources);
        attributionKeys = Map.copyOf(attributionKeys);
    }

    /// The signer of each source whose changes are signed, by database.
    ///
    /// @throws IllegalStateException naming every source whose service has no key
    Map<String, AttributionSigner> signers() {
        var signers = new HashMap<String, AttributionSigner>();
        var signing = sources.stream()
                .filter(database -> !database.equals(Ledger.KEYCLOAK))
                .toList();
        var missing = signing.stream()
                .filter(database -> !attributionKeys.containsKey(label(database)))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Set elleve.audit.attribution-keys.<service> for "
                    + missing.stream().map(CaptureProperties::label).toList()
                    + ": without it every change there would be an alarm");
        }
        for (var database : signing) {
            var key = Base64.getDecoder()
                    .decode(attributionKeys.getOrDefault(label(database), "").strip());
            signers.put(database, new AttributionSigner(label(database), key));
        }
        return Map.copyOf(signers);
    }

    /// The service that owns a database: `tenant_data` is the database of `tenant-data`.
    static String label(String database) {
        return database.replace('_', '-');
    }

    @Override
    public String toString() {
        return "CaptureProperties[sources=" + sources + ", attributionKeys=***, capture=" + capture + "]";
    }
}
