package dk.elleve.audit.checkpoint;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param logKey the log's Ed25519 signer key (`PRIVATE+KEY+name+hash+base64`); its name is the log's origin
/// @param round how often new entries are looked for
/// @param republish how old a shown checkpoint of a quiet log may become
/// @param witnesses who cosigns checkpoints; none if not given
/// @param witnessPatience how long showing a checkpoint waits for them
@Validated
@ConfigurationProperties("elleve.audit")
record CheckpointProperties(
        @NotBlank String logKey,
        @DefaultValue("500ms") Duration round,
        @DefaultValue("10m") Duration republish,
        @DefaultValue @Valid List<Witness> witnesses,
        @DefaultValue("1s") Duration witnessPatience) {

    /// @param url the address under which it answers `add-checkpoint`
    /// @param key its verifier key (`name+hash+base64`)
    record Witness(@NotNull URI url, @NotBlank String key) {}

    @Override
    public String toString() {
        return "CheckpointProperties[logKey=***, round=" + round + ", republish=" + republish + ", witnesses="
                + witnesses + "]";
    }
}
