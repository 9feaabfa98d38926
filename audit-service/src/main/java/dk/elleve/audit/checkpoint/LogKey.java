package dk.elleve.audit.checkpoint;

import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.VerifierKey;
import org.springframework.stereotype.Component;

/// The key the log signs with; its name is the log's origin.
@Component
public final class LogKey {

    private final SignerKey signer;

    LogKey(CheckpointProperties properties) {
        this.signer = SignerKey.parse(properties.logKey());
    }

    SignerKey signer() {
        return signer;
    }

    public VerifierKey verifier() {
        return signer.verifier();
    }

    String origin() {
        return signer.verifier().name();
    }
}
