package dk.elleve.kit.test.part;

import java.nio.file.Path;

/// Where the parts of one installation are. Asking for a part may start it, so settings ask late.
public interface House {

    Secrets secrets();

    PostgresPart postgres();

    KafkaPart kafka();

    AzuritePart azurite();

    int smtpPort();

    /// The `iss` of tokens; Keycloak's realm.
    String issuer();

    /// Where the keys of the issuer are.
    String jwkSet();

    /// The service's own port; 0 lets it choose.
    int port(Service service);

    /// The service's own folder for what must survive it but is not in the database.
    Path folder(Service service);
}
