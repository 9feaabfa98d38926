package dk.elleve.kit.cursor;

import dk.elleve.kit.KitProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

@AutoConfiguration
@ConditionalOnProperty("elleve.cursor.key")
@EnableConfigurationProperties(KitProperties.class)
public final class CursorAutoConfiguration {

    CursorAutoConfiguration() {}

    @Bean
    Cursors cursors(KitProperties properties) {
        return new Cursors(properties.cursorKey());
    }
}
