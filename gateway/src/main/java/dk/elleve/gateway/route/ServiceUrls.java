package dk.elleve.gateway.route;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;

/// Where each service answers. The gateway is the only one that needs to know.
@ConfigurationProperties("elleve.gateway.services")
record ServiceUrls(URI identity, @Name("tenant-data") URI tenantData, URI backup, URI breach, URI audit) {}
