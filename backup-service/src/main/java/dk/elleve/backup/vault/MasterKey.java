package dk.elleve.backup.vault;

import java.time.Clock;
import javax.crypto.AEADBadTagException;

/// A key that wraps the data keys of the vault. Either we were given its bytes, or somebody keeps it and
/// uses it for us.
public abstract sealed class MasterKey permits GivenKey, KeptKey {

    MasterKey() {}

    /// From the Base64 of 32 bytes; blanks around it do not matter. Fails with
    /// [VaultProblem#WRONG_KEY] when it is anything else.
    public static MasterKey fromBase64(String text) {
        return GivenKey.parse(text);
    }

    /// One version of a key that is kept elsewhere; the keeper is not asked before it has to be.
    public static MasterKey keptBy(KeyKeeper keeper, Clock clock) {
        return new KeptKey(keeper, clock);
    }

    /// Tells keys apart, and versions of a key that is kept elsewhere; says nothing else about them.
    public abstract String fingerprint();

    /// @param context what the wrapped key is for; unwrapping for anything else fails
    abstract byte[] wrap(byte[] dataKey, String context);

    abstract byte[] unwrap(byte[] wrapped, String context) throws AEADBadTagException;
}
