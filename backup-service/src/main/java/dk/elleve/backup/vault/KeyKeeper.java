package dk.elleve.backup.vault;

import java.util.Optional;

/// Keeps one version of a master key and uses it for us: its secret part never comes here.
///
/// Every call may ask over the network. It fails with [VaultProblem#UNREACHABLE] when there was no answer,
/// and with [VaultProblem#KEY_UNUSABLE] when there was one and it was no.
public interface KeyKeeper {

    /// Names the key and its version, always in the same way; no secret.
    String id();

    byte[] wrap(byte[] key);

    /// Empty when these bytes are no key that this version has wrapped.
    Optional<byte[]> unwrap(byte[] wrapped);

    byte[] sign(byte[] message);

    /// Whether this version has signed the message.
    boolean isSigned(byte[] message, byte[] signature);
}
