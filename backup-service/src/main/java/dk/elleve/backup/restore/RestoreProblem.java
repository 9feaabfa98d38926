package dk.elleve.backup.restore;

/// Why a restore is refused. The codes are stable.
public enum RestoreProblem {
    NO_BACKUP("restore.no-backup"),
    WAL_GAP("restore.wal-gap"),
    NOT_IN_VAULT("restore.not-in-vault"),
    OTHER_TIMELINE("restore.other-timeline"),
    FOLDER_NOT_EMPTY("restore.folder-not-empty"),
    TABLESPACE("restore.tablespace"),
    NO_SPACE("restore.no-space"),
    FOREIGN_CLUSTER("restore.foreign-cluster"),
    SERVER("restore.server"),
    ERASURE("restore.erasure-not-replayed");

    private final String code;

    RestoreProblem(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
