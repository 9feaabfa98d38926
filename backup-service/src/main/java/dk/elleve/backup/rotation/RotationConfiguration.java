package dk.elleve.backup.rotation;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dk.elleve.backup.cluster.Clusters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RotationConfiguration {

    @Bean
    RecurringTask<Void> rotationTask(Rotation rotation, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-keys"), FixedDelay.ofMinutes(1))
                .execute((instance, context) -> rotation.turn());
    }
}
