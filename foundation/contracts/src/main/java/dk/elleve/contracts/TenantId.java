package dk.elleve.contracts;

import java.util.regex.Pattern;

/// A tenant's name in every URL, topic key and row: the alias of its Keycloak organization, chosen once and never
/// reused.
///
/// @param value 2 to 40 characters: lower-case letters, digits and inner hyphens, starting with a letter
public record TenantId(String value) implements Comparable<TenantId> {

    private static final Pattern SHAPE = Pattern.compile("[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,39}");

    /// @throws IllegalArgumentException if the value does not have that shape; the message shows the rule
    public TenantId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "A tenant id has 2 to 40 lower-case letters, digits and inner hyphens and starts with a letter");
        }
    }

    @Override
    public int compareTo(TenantId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
