package dk.elleve.identity.tenant;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param grace how long a closing can be taken back
@ConfigurationProperties("elleve.identity.tenant")
record TenantProperties(@DefaultValue("30d") Duration grace) {}
