package dk.elleve.contracts;

import java.util.Arrays;
import java.util.List;

/// Every topic of the platform: `<owner>.<noun>.v<n>`. Only the owner writes.
public enum Topic {
    IDENTITY_TENANTS("identity.tenants.v1", true),
    IDENTITY_GRANTS("identity.grants.v1", true),
    IDENTITY_LOGINS("identity.logins.v1", false),
    IDENTITY_FINDINGS("identity.findings.v1", false),
    IDENTITY_EVIDENCE("identity.evidence.v1", false),
    GATEWAY_ACCESSES("gateway.accesses.v1", false),
    GATEWAY_ACTIVITY("gateway.activity.v1", false),
    GATEWAY_FINDINGS("gateway.findings.v1", false),
    GATEWAY_EVIDENCE("gateway.evidence.v1", false),
    TENANTDATA_READS("tenantdata.reads.v1", false),
    TENANTDATA_ERASURES("tenantdata.erasures.v1", false),
    TENANTDATA_FINDINGS("tenantdata.findings.v1", false),
    TENANTDATA_EVIDENCE("tenantdata.evidence.v1", false),
    BACKUP_RUNS("backup.runs.v1", false),
    BACKUP_FINDINGS("backup.findings.v1", false),
    BACKUP_EVIDENCE("backup.evidence.v1", false),
    BREACH_INCIDENTS("breach.incidents.v1", false),
    BREACH_EVIDENCE("breach.evidence.v1", false),
    AUDIT_CHECKPOINTS("audit.checkpoints.v1", false),
    AUDIT_TALLIES("audit.tallies.v1", false),
    AUDIT_FINDINGS("audit.findings.v1", false),
    AUDIT_EVIDENCE("audit.evidence.v1", false),
    DEPLOY_EVIDENCE("deploy.evidence.v1", false);

    private final String wireName;
    private final boolean compacted;

    Topic(String wireName, boolean compacted) {
        this.wireName = wireName;
        this.compacted = compacted;
    }

    /// The name on the broker.
    public String wireName() {
        return wireName;
    }

    /// Who may write: the word before the first dot.
    public String owner() {
        return wireName.substring(0, wireName.indexOf('.'));
    }

    /// Whether the broker keeps only the newest event of each key.
    public boolean compacted() {
        return compacted;
    }

    /// The topics that one owner writes.
    public static List<Topic> of(String owner) {
        return Arrays.stream(values())
                .filter(topic -> topic.owner().equals(owner))
                .toList();
    }

    /// @throws IllegalArgumentException if no topic has that name
    public static Topic named(String wireName) {
        return Arrays.stream(values())
                .filter(topic -> topic.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no topic " + wireName));
    }
}
