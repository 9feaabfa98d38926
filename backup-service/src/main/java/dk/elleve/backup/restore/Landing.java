package dk.elleve.backup.restore;

import java.nio.file.Path;

/// Where the cluster comes back.
///
/// @param folder its new data folder
/// @param port where it will listen, on the loopback address only
/// @param delta whether the folder may hold an older copy of the cluster, of which is kept what is
///     right; else it must be empty, not there yet, or hold a restore that was broken off
public record Landing(Path folder, int port, boolean delta) {

    public Landing(Path folder, int port) {
        this(folder, port, false);
    }
}
