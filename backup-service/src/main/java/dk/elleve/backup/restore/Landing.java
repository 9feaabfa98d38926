package dk.elleve.backup.restore;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the cluster comes back.
///
/// @param folder its new data folder
/// @param port where it will listen, on the loopback address only
/// @param delta whether the folder may hold an older copy of the cluster, of which is kept what is
///     right; else it must be empty, not there yet, or hold a restore that was broken off
/// @param tablespaces folders for tablespaces, which are named by their OID or by the folder they had on the source;
///     all others come back below the data folder
public record Landing(Path folder, int port, boolean delta, Map<String, Path> tablespaces) {

    public Landing {
        tablespaces = Collections.unmodifiableMap(new LinkedHashMap<>(tablespaces));
    }

    public Landing(Path folder, int port, boolean delta) {
        this(folder, port, delta, Map.of());
    }

    public Landing(Path folder, int port) {
        this(folder, port, false);
    }
}
