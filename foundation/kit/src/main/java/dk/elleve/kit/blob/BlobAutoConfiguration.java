package dk.elleve.kit.blob;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

@AutoConfiguration
@ConditionalOnProperty("elleve.blob.connection-string")
@EnableConfigurationProperties(BlobProperties.class)
public final class BlobAutoConfiguration {

    BlobAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(BlobStore.class)
    AzureBlobStore blobStore(BlobProperties properties) {
        return new AzureBlobStore(properties.connectionString());
    }
}
