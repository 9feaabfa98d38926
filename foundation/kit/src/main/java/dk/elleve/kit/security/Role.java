package dk.elleve.kit.security;

import java.util.Set;

/// The realm roles, as constants for `@RolesAllowed`.
public final class Role {

    public static final String ADMINISTRATOR = "administrator";
    public static final String TECHNICAL_MANAGER = "technical-manager";
    public static final String SUPPORT = "support";
    public static final String DPO = "dpo";
    public static final String AUDITOR = "auditor";
    /// The program that rolls out updates: takes a backup before, and writes into the register of changes.
    public static final String DEPLOYER = "deployer";

    public static final String TENANT_ADMIN = "tenant-admin";
    public static final String TENANT_USER = "tenant-user";
    public static final String TENANT_DPO = "tenant-dpo";

    /// The operator's own.
    public static final Set<String> STAFF = Set.of(ADMINISTRATOR, TECHNICAL_MANAGER, SUPPORT, DPO, AUDITOR, DEPLOYER);

    private Role() {}
}
