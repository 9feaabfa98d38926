package dk.elleve.backup.drill;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param programs PostgreSQL's `bin` folder, of the version of the cluster; without it there are no drills
@ConfigurationProperties("elleve.backup.postgres")
record ServerPrograms(@Nullable Path programs) {}
