package dk.elleve.kit.test.part;

import java.util.Map;

/// What Keycloak reads at its start: its settings, and the realm it imports into an empty database.
///
/// @param listens where browsers and services meet it
/// @param management health and metrics, on the same host
/// @param url how browsers name it
/// @param smtp where its mails go
public record KeycloakFiles(
        Address listens, int management, String url, PostgresServer database, Address smtp, Secrets secrets) {

    /// All by file: neither the database's password nor the administrator's may stand in an argument or in the
    /// environment.
    public String settings() {
        return """
                db=postgres
                health-enabled=true
                metrics-enabled=true
                http-enabled=true
                http-host=%1$s
                http-port=%2$d
                http-management-host=%1$s
                http-management-port=%3$d
                hostname=%4$s
                # Services may name it otherwise than browsers do; tokens carry the browsers' name all the same.
                hostname-backchannel-dynamic=true
                db-url=%5$s
                db-username=%6$s
                db-password=%7$s
                # Where deploy/postgres has prepared that the audit log sees it.
                db-schema=data
                db-pool-initial-size=2
                db-pool-max-size=15
                cache=local
                bootstrap-admin-username=admin
                bootstrap-admin-password=%8$s
                log-level=warn,org.keycloak.events:error
                """.formatted(
                        listens.host(),
                        listens.port(),
                        management,
                        url,
                        database.url(ClusterProvisioner.KEYCLOAK),
                        ClusterProvisioner.KEYCLOAK,
                        secrets.password(ClusterProvisioner.KEYCLOAK),
                        secrets.password("keycloak-admin"));
    }

    public String realm() {
        var text = Parts.text("/keycloak/elleve-realm.json");
        var values = Map.of(
                // Without a port: on the loopback address Keycloak then takes any, and a changed port needs no new
                // realm.
                "gateway.url", "http://127.0.0.1",
                "gateway.url.localhost", "http://localhost",
                "gateway.secret", secrets.password(KeycloakPart.GATEWAY_CLIENT),
                "identity.secret", secrets.password(KeycloakPart.IDENTITY_CLIENT),
                "deploy.secret", secrets.password(KeycloakPart.DEPLOY_CLIENT),
                "smtp.host", smtp.host(),
                "smtp.port", Integer.toString(smtp.port()));
        for (var value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        return text;
    }
}
