package dk.elleve.kit.keyring;

import com.google.crypto.tink.Aead;
import dk.elleve.kit.blob.BlobAutoConfiguration;
import dk.elleve.kit.blob.BlobStore;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

@AutoConfiguration(after = BlobAutoConfiguration.class)
@ConditionalOnProperty("elleve.master-key")
public final class KeyringAutoConfiguration {

    KeyringAutoConfiguration() {}

    @Bean
    Aead masterKey(@Value("${elleve.master-key}") String key) {
        return MasterKey.aead(key);
    }

    @Bean
    Keyring keyring(BlobStore blobs, Aead masterKey, Clock clock) {
        return new BlobKeyring(blobs, masterKey, clock);
    }
}
