package dk.elleve.kit.blob;

import org.jspecify.annotations.Nullable;

/// Where blob storage is, as far as can be asked. It does not tell its region; what it tells is enough
/// to notice that a declared region has become untrue.
///
/// @param host the name in the settings
/// @param secure whether it is spoken to by TLS, so that it has proved to be that host
/// @param alias the host that the name service leads that name to in the end; null when it names none
///     or cannot be asked
/// @param redundancy how the account is replicated, in Azure's words, such as `Standard_ZRS`; null when
///     it does not say
public record BlobPlace(
        String host,
        boolean secure,
        @Nullable String alias,
        @Nullable String redundancy) {

    /// Whether everything is copied to a second region.
    public boolean isGeoRedundant() {
        return redundancy != null && redundancy.matches(".*_(RA)?(GRS|GZRS)");
    }
}
