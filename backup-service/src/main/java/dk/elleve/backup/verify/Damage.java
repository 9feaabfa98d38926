package dk.elleve.backup.verify;

import org.jspecify.annotations.Nullable;

/// Something in the vault is not as it should be.
///
/// @param object the object's name, relative to the cluster
/// @param backup the backup that cannot be restored because of it
/// @param what what is wrong with it
record Damage(String object, @Nullable String backup, String what) {

    static Damage missing(String object, String backup) {
        return new Damage(object, backup, "object '" + object + "' is missing from the vault");
    }
}
