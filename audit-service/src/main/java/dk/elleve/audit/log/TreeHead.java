package dk.elleve.audit.log;

import dk.elleve.tlog.Hash;

/// So many entries, this root.
public record TreeHead(long size, Hash root) {

    public static final TreeHead EMPTY = new TreeHead(0, Hash.EMPTY_ROOT);
}
