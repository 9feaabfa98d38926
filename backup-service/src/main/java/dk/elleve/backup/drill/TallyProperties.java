package dk.elleve.backup.drill;

import dk.elleve.kit.fingerprint.FingerprintKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// @param fingerprintKey 32 bytes in base64, which audit-service has, too; a secret. Without it a
///     copy can only be compared with the source
@ConfigurationProperties("elleve")
record TallyProperties(@Nullable String fingerprintKey) {

    TallyProperties {
        if (fingerprintKey != null && !fingerprintKey.isBlank()) {
            FingerprintKey.parse(fingerprintKey);
        }
    }

    Optional<FingerprintKey> key() {
        return Optional.ofNullable(fingerprintKey)
                .filter(text -> !text.isBlank())
                .map(FingerprintKey::parse);
    }

    @Override
    public String toString() {
        return "TallyProperties[fingerprintKey=" + (key().isPresent() ? "***" : "none") + "]";
    }
}
