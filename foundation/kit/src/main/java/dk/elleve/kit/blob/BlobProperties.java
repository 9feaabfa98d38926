package dk.elleve.kit.blob;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// @param connectionString as Azure gives it; a secret
@Validated
@ConfigurationProperties("elleve.blob")
record BlobProperties(@NotBlank String connectionString) {

    @Override
    public String toString() {
        return "BlobProperties[connectionString=***]";
    }
}
