package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.filter.FilterProblem;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which fields a list shows: those asked for, or all.
record Selection(@Nullable Set<String> names) {

    private static final Set<String> ALWAYS_KNOWN = Set.of("id", "createdAt", "updatedAt");

    static Selection of(@Nullable String text, Layout layout) {
        if (text == null || text.isBlank()) {
            return new Selection(null);
        }
        var names = new HashSet<String>();
        for (var each : text.split(",", -1)) {
            var name = each.strip();
            if (layout.field(name).isEmpty() && !ALWAYS_KNOWN.contains(name)) {
                throw FilterProblem.UNKNOWN_FIELD.in("select", "name fields of the schema, with commas between them");
            }
            names.add(name);
        }
        return new Selection(Set.copyOf(names));
    }

    boolean wants(String name) {
        return names == null || names.contains(name);
    }
}
