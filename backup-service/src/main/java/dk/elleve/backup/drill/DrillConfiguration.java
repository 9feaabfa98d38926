package dk.elleve.backup.drill;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DrillConfiguration {

    @Bean
    RecurringTask<Void> drillTask(Drills drills) {
        return Tasks.recurring("backup-drills", FixedDelay.ofSeconds(2)).execute((instance, context) -> {
            try {
                drills.turn();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
