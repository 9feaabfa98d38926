package dk.elleve.backup.drill;

import dk.elleve.tlog.VerifierKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param folder where drills restore to; emptied after each, so no two clusters may share one
/// @param every a drill is due when the newest one is so old
/// @param markEvery so often it is taken down what the tables hold: a later drill restores one of these
///     moments at random
/// @param erasureEvery after a tenant was erased a drill shows that it cannot be read in an older backup, but no
///     sooner than this after the drill before
/// @param patience how long a restored server may take to open
/// @param logKeys verifier keys, `name+hash+base64`: the audit log in a copy must bear the signature of one of
///     them; without any it is not looked at
@ConfigurationProperties("elleve.backup.drill")
record DrillProperties(
        @Nullable Path folder,
        @DefaultValue("6d") Duration every,
        @DefaultValue("1d") Duration markEvery,
        @DefaultValue("1d") Duration erasureEvery,
        @DefaultValue("1h") Duration patience,
        @DefaultValue List<String> logKeys) {

    DrillProperties {
        logKeys = List.copyOf(logKeys);
        logKeys.forEach(VerifierKey::parse);
    }

    List<VerifierKey> verifierKeys() {
        return logKeys.stream().map(VerifierKey::parse).toList();
    }

    Path scratch(String systemId) {
        return folder != null ? folder : Path.of(System.getProperty("java.io.tmpdir"), "elleve-drills-" + systemId);
    }
}
