package dk.elleve.kit.test;

import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.test.context.DynamicPropertyRegistry;

/// Gives a service under test the settings it would have in an installation. Values are made when Spring reads them,
/// so a test starts only the parts its service uses.
///
/// ```java
/// @DynamicPropertySource
/// static void rig(DynamicPropertyRegistry registry) {
///     ServiceRig.of("breach").with("elleve.breach.x", "y").register(registry);
/// }
/// ```
public final class ServiceRig {

    private final Service service;
    private final Map<String, Supplier<String>> settings = new LinkedHashMap<>();

    private ServiceRig(Service service) {
        this.service = service;
        ServiceSettings.of(Rig.house(), service).forEach(setting -> settings.put(setting.name(), setting.value()));
        // Spring's test context reads these settings too late for a profile to be chosen by them.
        with("elleve.residency.allowed", ServiceSettings.REGION);
    }

    /// @param label the value of `elleve.service`, such as `tenant-data`
    public static ServiceRig of(String label) {
        return new ServiceRig(Service.labelled(label));
    }

    public Service service() {
        return service;
    }

    public ServiceRig with(String name, String value) {
        settings.put(name, () -> value);
        return this;
    }

    /// For a test that must see the service refuse to start.
    public ServiceRig without(String name) {
        settings.remove(name);
        return this;
    }

    public void register(DynamicPropertyRegistry registry) {
        settings.forEach((name, value) -> registry.add(name, value::get));
    }

    /// All values at once, for a service that runs as a process of its own; starts every part they name.
    public Map<String, String> values() {
        var values = new LinkedHashMap<String, String>();
        settings.forEach((name, value) -> values.put(name, value.get()));
        return values;
    }
}
