package dk.elleve.backup.restore;

import java.nio.file.Path;

/// Where the cluster comes back.
///
/// @param folder its new data folder, empty or not there yet
/// @param port where it will listen, on the loopback address only
public record Landing(Path folder, int port) {}
