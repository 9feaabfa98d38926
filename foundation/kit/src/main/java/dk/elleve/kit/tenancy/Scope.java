package dk.elleve.kit.tenancy;

import dk.elleve.contracts.TenantId;

/// Whose rows a transaction can see.
public sealed interface Scope {

    /// What the row-level policies compare `tenant_id` with.
    String setting();

    /// One tenant's rows and nobody else's.
    record Tenant(TenantId id) implements Scope {
        @Override
        public String setting() {
            return id.value();
        }
    }

    /// Rows of tables that belong to no tenant, and of those tables that are declared `kit.tenant_or_platform`.
    /// A table declared `kit.tenant_owned` shows nothing in this scope.
    record Platform() implements Scope {
        @Override
        public String setting() {
            return "*";
        }
    }

    static Scope of(TenantId tenant) {
        return new Tenant(tenant);
    }

    static Scope platform() {
        return new Platform();
    }
}
