package dk.elleve.kit.residency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The endpoints of this service and their regions, checked: making one with an endpoint elsewhere
/// throws, so that the service does not start.
public final class Residency {

    /// This machine: the region of everything in the profile `local`.
    static final String LOCAL = "local";

    private final Map<String, String> regions;
    private final List<String> allowed;
    private final boolean local;

    /// @param local whether the profile `local` is active
    /// @throws IllegalStateException naming every endpoint that is not declared or not in an allowed
    ///     region
    public Residency(ResidencyProperties properties, List<String> endpoints, boolean local) {
        this.allowed = properties.allowed();
        this.local = local;
        var wrong = new ArrayList<String>();
        for (var endpoint : endpoints) {
            var region = properties.regions().get(endpoint);
            if (region == null) {
                wrong.add("the region of `" + endpoint + "` is not declared: set elleve.residency.regions." + endpoint);
            } else if (!allows(region)) {
                wrong.add("`" + endpoint + "` lies in " + region + ", which is not one of " + allowed);
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(
                    "Data would leave the allowed regions:\n  - " + String.join("\n  - ", wrong));
        }
        this.regions = new TreeMap<>(properties.regions());
    }

    /// Whether data may lie in this region.
    public boolean allows(String region) {
        return allowed.contains(region) || (local && region.equals(LOCAL));
    }

    /// Whether this endpoint is on this machine.
    public boolean isLocal(String endpoint) {
        return LOCAL.equals(regions.get(endpoint));
    }

    /// Endpoint to region.
    public Map<String, String> regions() {
        return regions;
    }
}
