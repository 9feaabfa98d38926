package dk.elleve.kit.guard;

import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

@AutoConfiguration(after = {FlywayAutoConfiguration.class, JdbcClientAutoConfiguration.class})
@ConditionalOnBean(DataSource.class)
public final class GuardAutoConfiguration {

    GuardAutoConfiguration() {}

    @Bean
    @DependsOnDatabaseInitialization
    DatabaseGuardStore databaseGuard(JdbcClient jdbc) {
        return new DatabaseGuardStore(jdbc);
    }
}
