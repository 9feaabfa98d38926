package dk.elleve.kit.idempotency;

import dk.elleve.kit.cursor.CursorAutoConfiguration;
import dk.elleve.kit.cursor.Cursors;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@AutoConfiguration(after = {JdbcClientAutoConfiguration.class, CursorAutoConfiguration.class})
@ConditionalOnBean({DataSource.class, Cursors.class})
public final class IdempotencyAutoConfiguration {

    IdempotencyAutoConfiguration() {}

    @Bean
    Idempotency idempotency(JdbcClient jdbc, JsonMapper json, Cursors cursors) {
        return new IdempotencyStore(jdbc, json, cursors);
    }

    @Bean
    KeyedRequestFilter keyedRequestFilter(JsonMapper json) {
        return new KeyedRequestFilter(json);
    }
}
