package dk.elleve.backup.cluster;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param clusterName what people call the cluster of this process; its system identifier when absent
/// @param postgres what drills need
@ConfigurationProperties("elleve.backup")
record ClusterProperties(
        @Nullable String clusterName, @DefaultValue Postgres postgres) {

    private static final int MAX_NAME = 100;

    ClusterProperties {
        if (clusterName != null && clusterName.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "elleve.backup.cluster-name has " + clusterName.length() + " characters, at most " + MAX_NAME);
        }
    }

    /// @param programs PostgreSQL's `bin` folder; without it there are no drills
    record Postgres(@Nullable Path programs) {}

    String name(String systemId) {
        return clusterName == null || clusterName.isBlank() ? systemId : clusterName.strip();
    }

    boolean drills() {
        return postgres.programs() != null;
    }
}
