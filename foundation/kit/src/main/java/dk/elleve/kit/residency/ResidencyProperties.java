package dk.elleve.kit.residency;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where everything lies that this service sends data to.
///
/// @param allowed the regions data may lie in: Azure's names of regions in the EU by default
/// @param regions the declared region of each endpoint: `database`, `kafka`, `blob`, `identity`,
///     `mail`, `keys`, `key-vault`, `siem`, `traces`, and `blob-replica` where blob storage copies
///     itself to a second region; `local` means this machine and is allowed in the profile `local` only
@ConfigurationProperties("elleve.residency")
public record ResidencyProperties(
        @DefaultValue({
            "westeurope",
            "northeurope",
            "swedencentral",
            "germanywestcentral",
            "francecentral",
            "polandcentral",
            "italynorth",
            "spaincentral",
            "denmarkeast",
            "austriaeast",
            "belgiumcentral"
        })
        List<String> allowed,

        @DefaultValue Map<String, String> regions) {

    public ResidencyProperties {
        allowed = List.copyOf(allowed);
        regions = Map.copyOf(regions);
    }
}
