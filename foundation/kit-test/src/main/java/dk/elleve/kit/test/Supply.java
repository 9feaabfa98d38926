package dk.elleve.kit.test;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.PostgresServer;

/// Where the rig's parts come from. Each method is asked once in a run, starts its part, and returns when it answers.
/// What was started ends with the run.
sealed interface Supply permits ProcessSupply, ContainerSupply {

    /// A new server with its superuser; no role and no database of the platform yet.
    PostgresServer postgres();

    Rig.Broker kafka();

    Rig.BlobStorage azurite();

    /// Keycloak with the realm `elleve`.
    ///
    /// @param database a server that [#postgres()] gave, with the platform's databases
    /// @param smtp where its mails go, on the loopback address
    Rig.IdentityProvider keycloak(PostgresServer database, Address smtp);

    /// What `-Delleve.rig` says: `processes`, the default, or `containers`.
    static Supply chosen() {
        var wanted = System.getProperty("elleve.rig", "processes");
        return switch (wanted) {
            case "processes" -> new ProcessSupply(Rig.place(), Rig.secrets());
            case "containers" -> new ContainerSupply(Rig.place(), Rig.secrets());
            default ->
                throw new IllegalStateException("-Delleve.rig is processes or containers, not '" + wanted + "'.");
        };
    }
}
