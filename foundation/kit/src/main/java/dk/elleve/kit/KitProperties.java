package dk.elleve.kit;

import jakarta.validation.constraints.NotBlank;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// What every service is told.
///
/// @param service the service's name, such as `tenant-data`; without hyphens it is the owner's word in topic names
/// @param attribution the key that signs this service's transactions
/// @param cursor the key that signs cursors and hashes request bodies
@Validated
@ConfigurationProperties("elleve")
public record KitProperties(
        @NotBlank String service,
        @Nullable Key attribution,
        @Nullable Key cursor) {

    /// The word that starts the names of this service's topics.
    public String owner() {
        return service.replace("-", "");
    }

    /// @throws IllegalStateException if the setting is missing
    public byte[] attributionKey() {
        return required(attribution, "elleve.attribution.key");
    }

    /// @throws IllegalStateException if the setting is missing
    public byte[] cursorKey() {
        return required(cursor, "elleve.cursor.key");
    }

    private static byte[] required(@Nullable Key key, String name) {
        if (key == null) {
            throw new IllegalStateException(
                    "Set " + name + " to 32 random bytes in base64 (a secret file, never an argument)");
        }
        return key.bytes();
    }

    /// A secret of 32 bytes in base64.
    public record Key(String key) {

        byte[] bytes() {
            return Base64.getDecoder().decode(key.strip());
        }

        @Override
        public String toString() {
            return "***";
        }
    }
}
