package dk.elleve.backup.vault;

/// What can be wrong with what lies in the vault. The codes are stable.
public enum VaultProblem {
    /// The objects are encrypted under another master key than the one given.
    WRONG_KEY("vault.wrong-key"),
    /// Whoever keeps the master key does not let us use it: it is disabled, deleted or expired, or we may not.
    KEY_UNUSABLE("vault.key-unusable"),
    /// An object that must be there is not.
    MISSING("vault.object-missing"),
    /// An object is not what was written under its name: changed, cut, swapped or moved.
    DAMAGED("vault.object-damaged"),
    /// A backup is authentic, but none of those whose word counts has signed it.
    NOT_SIGNED("vault.not-signed"),
    /// Another object lies under a name we were to write.
    CONFLICT("vault.name-taken"),
    /// The storage does not let go of an object before its time: a policy or a legal hold keeps it.
    IMMUTABLE("vault.immutable"),
    /// The vault lies, or may lie, where data must not go.
    REGION_NOT_ALLOWED("vault.region-not-allowed"),
    /// The storage did not answer, or whoever keeps the master key.
    UNREACHABLE("vault.unreachable");

    private final String code;

    VaultProblem(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    /// Whether the object asked for may be as it should, and only cannot be read now.
    public boolean saysNothingOfTheObject() {
        return this == UNREACHABLE || this == KEY_UNUSABLE;
    }
}
