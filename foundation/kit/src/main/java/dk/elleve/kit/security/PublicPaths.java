package dk.elleve.kit.security;

import java.util.List;

/// The paths of a service that need no token; a service with such paths declares a bean of this type.
public record PublicPaths(List<String> patterns) {

    public PublicPaths(String... patterns) {
        this(List.of(patterns));
    }

    public PublicPaths {
        patterns = List.copyOf(patterns);
    }
}
