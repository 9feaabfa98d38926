package dk.elleve.backup.drill;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dk.elleve.backup.cluster.Clusters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DrillConfiguration {

    @Bean
    RecurringTask<Void> drillTask(Drills drills, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-drills"), FixedDelay.ofSeconds(2))
                .execute((instance, context) -> {
                    try {
                        drills.turn();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// A task of its own, since a drill may take hours.
    @Bean
    RecurringTask<Void> drillVouchTask(Drills drills, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-drills-vouch"), FixedDelay.ofHours(1))
                .execute((instance, context) -> drills.vouch());
    }
}
