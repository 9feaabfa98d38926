package dk.elleve.backup.vault;

/// What one run of a rotation did.
///
/// @param written new wrappings
/// @param deleted old wrappings that are gone
/// @param refused old wrappings that the storage does not let go of, because it is immutable
/// @param complete whether every data key is now wrapped by the current master key
public record Rewrapped(int written, int deleted, int refused, boolean complete) {}
