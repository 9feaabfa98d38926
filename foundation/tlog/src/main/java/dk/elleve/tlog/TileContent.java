package dk.elleve.tlog;

/// A resource to be written under its path. Write all of a growth before the checkpoint that speaks of it; a
/// resource once written under a path is never written with other bytes, so writing it again after a crash does
/// no harm.
///
/// @param bytes not copied; not to be changed
public record TileContent(Tile tile, byte[] bytes) {

    public String path() {
        return tile.path();
    }

    @Override
    public String toString() {
        return tile + " (" + bytes.length + " bytes)";
    }
}
