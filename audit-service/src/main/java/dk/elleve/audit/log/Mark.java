package dk.elleve.audit.log;

import dk.elleve.tlog.AuditLeaf.Flag;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is remarkable about an entry.
public enum Mark {
    /// A row change whose author is vouched for.
    ATTRIBUTED(Flag.ATTRIBUTED, false),
    /// Nobody said who did it.
    UNATTRIBUTED(Flag.UNATTRIBUTED, true),
    /// Somebody said who did it, without the key.
    FORGED(Flag.FORGED, true),
    /// Somebody repeated what was said of another transaction.
    REPLAYED(Flag.FORGED, true),
    ERASURE(Flag.ERASURE, true),
    DDL(Flag.DDL, true),
    GAP(Flag.GAP, true),
    MASS(Flag.MASS, true),
    UNDER_GRANT(Flag.GRANTED, true),
    STAFF(Flag.STAFF, true),
    SYSTEM(Flag.SYSTEM, true),
    /// The request was refused.
    DENIED(null, true);

    private final @Nullable Flag leaf;
    private final boolean shown;

    Mark(@Nullable Flag leaf, boolean shown) {
        this.leaf = leaf;
        this.shown = shown;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Nullable Flag leaf() {
        return leaf;
    }

    /// Whether lists name it: that a change has an author is the rule and not worth a word.
    boolean shown() {
        return shown;
    }

    static Mark of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
