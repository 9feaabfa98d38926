package dk.elleve.audit.log;

import dk.elleve.tlog.AuditLeaf;
import java.util.Locale;

/// What an entry is about. The words stand in the API; the leaf's kinds stand in the log.
public enum EntryKind {
    INSERT(AuditLeaf.Kind.ROW_INSERTED),
    UPDATE(AuditLeaf.Kind.ROW_UPDATED),
    DELETE(AuditLeaf.Kind.ROW_DELETED),
    TRUNCATE(AuditLeaf.Kind.TABLE_TRUNCATED),
    DDL(AuditLeaf.Kind.SCHEMA_CHANGED),
    ACCESS(AuditLeaf.Kind.ACCESS),
    READ(AuditLeaf.Kind.READ),
    LOGIN(AuditLeaf.Kind.SIGN_IN),
    TENANT(AuditLeaf.Kind.TENANT),
    CHANGE(AuditLeaf.Kind.CHANGE),
    BACKUP(AuditLeaf.Kind.BACKUP),
    EVIDENCE(AuditLeaf.Kind.EVIDENCE),
    ERASURE(AuditLeaf.Kind.ERASURE),
    GAP(AuditLeaf.Kind.GAP),
    /// That a tenant's chain was so long that day.
    TENANT_HEAD(AuditLeaf.Kind.TENANT_HEAD);

    private final AuditLeaf.Kind leaf;

    EntryKind(AuditLeaf.Kind leaf) {
        this.leaf = leaf;
    }

    public String word() {
        return leaf.word();
    }

    AuditLeaf.Kind leaf() {
        return leaf;
    }

    static EntryKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
