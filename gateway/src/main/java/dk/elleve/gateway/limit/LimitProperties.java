package dk.elleve.gateway.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// @param perSecond requests a tenant may send per second, all its people together
/// @param burst how many it may send at once after a pause
/// @param strangersPerSecond the same for each address that shows no valid token
/// @param body the largest body
/// @param importBody the largest body of an import of records
@ConfigurationProperties("elleve.gateway.limit")
record LimitProperties(
        @DefaultValue("200") int perSecond,
        @DefaultValue("400") int burst,
        @DefaultValue("50") int strangersPerSecond,
        @DefaultValue("256KB") DataSize body,
        @DefaultValue("16MB") DataSize importBody) {}
