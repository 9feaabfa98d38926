package dk.elleve.audit.capture;

import jakarta.validation.constraints.NotEmpty;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param serviceRoles the roles of the cluster that are no person's: those `deploy/postgres` makes,
///     and the superuser the cluster began with. Whatever else may log in counts as a person's access
@Validated
@ConfigurationProperties("elleve.audit.access")
record HumanAccessProperties(
        @DefaultValue({
            "postgres",
            "identity_migrator",
            "identity_service",
            "tenant_data_migrator",
            "tenant_data_service",
            "backup_migrator",
            "backup_service",
            "breach_migrator",
            "breach_service",
            "audit_migrator",
            "audit_service",
            "audit_capture",
            "backup_wire",
            "keycloak"
        })
        @NotEmpty Set<String> serviceRoles) {

    HumanAccessProperties {
        serviceRoles = Set.copyOf(serviceRoles);
    }
}
