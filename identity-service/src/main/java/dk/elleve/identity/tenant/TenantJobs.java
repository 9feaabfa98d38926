package dk.elleve.identity.tenant;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class TenantJobs {

    @Bean
    RecurringTask<Void> finishTenants(Tenants tenants) {
        return Tasks.recurring("finish-tenants", FixedDelay.of(Duration.ofSeconds(5)))
                .execute((instance, context) -> tenants.finish());
    }
}
