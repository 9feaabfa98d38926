package dk.elleve.audit.search;

import dk.elleve.audit.log.Content;
import java.util.Set;

/// Rows about a tenant that say how the operator works: roles, programs and addresses. A tenant
/// sees here that there was a change, and in its cases what is meant for it.
final class OperatorsTables {

    private static final Set<String> TABLES = Set.of("breach/finding", "breach/timeline", "breach/mail");

    private OperatorsTables() {}

    static boolean mayBeShown(Content content, boolean toStaff) {
        return toStaff || !TABLES.contains(content.table());
    }
}
