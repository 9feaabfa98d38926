package dk.elleve.backup.vault;

/// One data key wrapped by one master key, as far as the object's name tells:
/// `keys/<data key>/<master key's fingerprint>`, and `….<rank>` for what a rotation has written.
///
/// @param fingerprint of the master key
/// @param rank a rotation gives its wrapping a higher one than all those it is to replace
record Wrapping(String keyId, String fingerprint, int rank, String name) {

    static final String FOLDER = "keys/";

    /// The rank of a wrapping that lies under `keys/<data key>`, as all did before there was a
    /// rotation.
    private static final int PLAIN = -1;

    static Wrapping of(String keyId, String fingerprint, int rank) {
        var name = FOLDER + keyId + "/" + fingerprint + (rank == 0 ? "" : "." + rank);
        return new Wrapping(keyId, fingerprint, rank, name);
    }

    static Wrapping plain(String keyId, String fingerprint) {
        return new Wrapping(keyId, fingerprint, PLAIN, FOLDER + keyId);
    }

    /// The name that says that a data key is to be gone. It stays, so that a rotation under way does
    /// not bring it back.
    static String destroyed(String keyId) {
        return FOLDER + keyId + "/destroyed";
    }

    static boolean isPlain(String name) {
        return name.indexOf('/', FOLDER.length()) < 0;
    }

    static String keyId(String name) {
        return isPlain(name)
                ? name.substring(FOLDER.length())
                : name.substring(FOLDER.length(), name.indexOf('/', FOLDER.length()));
    }

    /// The wrapping with this name, which is not plain.
    static Wrapping parse(String name) {
        var keyId = keyId(name);
        var rest = name.substring(FOLDER.length() + keyId.length() + 1);
        var dot = rest.indexOf('.');
        try {
            return dot < 0
                    ? of(keyId, rest, 0)
                    : of(keyId, rest.substring(0, dot), Integer.parseInt(rest.substring(dot + 1)));
        } catch (NumberFormatException e) {
            throw new VaultException(VaultProblem.DAMAGED, "object '" + name + "' is not named as a wrapped key is", e);
        }
    }
}
