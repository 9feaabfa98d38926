package dk.elleve.audit.checkpoint;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param logKey the log's Ed25519 signer key (`PRIVATE+KEY+name+hash+base64`); its name is the log's origin
/// @param round pause between two looks for new entries
/// @param republish how old a shown checkpoint of a quiet log may become
@Validated
@ConfigurationProperties("elleve.audit")
record CheckpointProperties(
        @NotBlank String logKey,
        @DefaultValue("500ms") Duration round,
        @DefaultValue("10m") Duration republish) {

    @Override
    public String toString() {
        return "CheckpointProperties[logKey=***, round=" + round + ", republish=" + republish + "]";
    }
}
