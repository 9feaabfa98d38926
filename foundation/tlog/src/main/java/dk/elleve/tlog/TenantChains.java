package dk.elleve.tlog;

import java.util.HashMap;
import java.util.Map;

/// Follows the chain of each tenant's leaves through a log, in the order of the log. A chain without a hole
/// shows that nothing was left out between a tenant's first leaf and its last, which no proof of a single leaf
/// can. For use by one thread at a time.
public final class TenantChains {

    private final Map<Hash, Link> last = new HashMap<>();

    private record Link(long index, long sequence) {}

    /// @param index of the leaf in the log, larger than that of every leaf before
    /// @throws VerificationException if the leaf does not follow the tenant's last one
    public void add(long index, AuditLeaf leaf) {
        add(index, leaf.tenant(), leaf.sequence(), leaf.previous());
    }

    void add(long index, Hash tenant, long sequence, long previous) {
        var before = last.put(tenant, new Link(index, sequence));
        long wantedSequence = before == null ? 1 : before.sequence + 1;
        long wantedPrevious = before == null ? AuditLeaf.NONE : before.index;
        if (sequence != wantedSequence || previous != wantedPrevious) {
            throw new VerificationException("entry " + index + " breaks the chain of tenant " + tenant.hex()
                    + ": it is number " + sequence + " after " + at(previous) + ", must be number " + wantedSequence
                    + " after " + at(wantedPrevious));
        }
    }

    public int tenants() {
        return last.size();
    }

    private static String at(long index) {
        return index == AuditLeaf.NONE ? "none" : "entry " + index;
    }
}
