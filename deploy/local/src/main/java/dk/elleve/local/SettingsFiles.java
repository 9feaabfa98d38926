package dk.elleve.local;

import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.nio.file.Path;
import java.util.Optional;

/// Writes what a service is given: plain settings in one file, each secret in a file of its own.
final class SettingsFiles {

    static final String PLAIN = "application.properties";

    /// In the folder of receivers: who outside is sent the log. The operator's own.
    static final String RECEIVERS = "receivers.properties";

    private SettingsFiles() {}

    /// @param folder where to write
    /// @param seenAs the same folder as the service sees it
    /// @param receivers the folder that says who is sent the log, as audit sees it; no other service
    ///     is told of it
    /// @return the file with the plain settings; it names the others
    static Path write(House house, Service service, Path folder, Path seenAs, Optional<Path> receivers) {
        var plain = new StringBuilder("# Written at every start.\n");
        for (var setting : ServiceSettings.of(house, service)) {
            if (setting.secret()) {
                Place.writePrivate(
                        folder.resolve("secrets").resolve(setting.name()),
                        setting.value().get());
            } else {
                plain.append(setting.name())
                        .append('=')
                        .append(setting.value().get().replace("\\", "\\\\"))
                        .append('\n');
            }
        }
        plain.append("spring.config.import=");
        if (service == Service.AUDIT) {
            // Before the secrets: what is imported later stands above, and it replaces no key.
            receivers.ifPresent(from ->
                    plain.append("file:").append(from.resolve(RECEIVERS)).append(','));
        }
        plain.append("configtree:").append(seenAs.resolve("secrets")).append("/\n");
        var file = folder.resolve(PLAIN);
        Place.writePrivate(file, plain.toString());
        return file;
    }
}
