package dk.elleve.backup.vault;

import java.util.List;

/// Where master keys come from that may change while we run.
@FunctionalInterface
public interface KeySource {

    /// The key to wrap with first, then those that may still be needed to unwrap; never empty. A key that
    /// was there before is the same object again. Fails with [VaultProblem#UNREACHABLE] when there was no
    /// answer, with [VaultProblem#KEY_UNUSABLE] when there is no key to wrap with.
    List<MasterKey> keys();
}
