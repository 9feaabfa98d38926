package dk.elleve.backup.vault;

import dk.elleve.kit.blob.BlobProtection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How safe what lies in the vault is from whoever has its account's key.
///
/// @param state `locked` when nobody can delete, not even the account's owner; `unlocked` when
///     something keeps the objects that its owner can take away, or of which the storage does not tell
///     that it is locked; `none`; `unsupported` when the storage knows no immutability
/// @param until when that ends for the object that was looked at
/// @param legalHold whether there is a legal hold
/// @param versions whether what is deleted lives on as a version
/// @param softDeleteDays how long what is deleted can be brought back
public record Immutability(
        State state,
        @Nullable Instant until,
        boolean legalHold,
        boolean versions,
        @Nullable Integer softDeleteDays) {

    public enum State {
        LOCKED("locked"),
        UNLOCKED("unlocked"),
        NONE("none"),
        UNSUPPORTED("unsupported");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public static Immutability of(BlobProtection told) {
        return new Immutability(state(told), told.until(), told.legalHold(), told.versions(), told.softDeleteDays());
    }

    private static State state(BlobProtection told) {
        if (!told.immutability()) {
            return State.UNSUPPORTED;
        }
        if (told.blobPolicy() && told.locked()) {
            return State.LOCKED;
        }
        return told.blobPolicy() || told.policy() || told.legalHold() ? State.UNLOCKED : State.NONE;
    }
}
