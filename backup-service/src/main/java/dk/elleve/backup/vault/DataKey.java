package dk.elleve.backup.vault;

/// A key that encrypts the objects of one backup or of one day of WAL.
final class DataKey {

    private final String cluster;
    private final String id;
    private final byte[] bytes;

    DataKey(String cluster, String id, byte[] bytes) {
        if (bytes.length != 32) {
            throw new IllegalArgumentException("data key '" + id + "' has " + bytes.length + " bytes instead of 32");
        }
        this.cluster = cluster;
        this.id = id;
        this.bytes = bytes.clone();
    }

    String cluster() {
        return cluster;
    }

    String id() {
        return id;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "data key " + id + " (***)";
    }
}
