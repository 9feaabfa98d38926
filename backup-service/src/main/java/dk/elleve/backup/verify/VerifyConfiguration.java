package dk.elleve.backup.verify;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dk.elleve.backup.cluster.Clusters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class VerifyConfiguration {

    @Bean
    RecurringTask<Void> verifyTask(Verifications verifications, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-verify"), FixedDelay.ofSeconds(2))
                .execute((instance, context) -> {
                    try {
                        verifications.turn();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// A task of its own, since a reading may take hours.
    @Bean
    RecurringTask<Void> verifyVouchTask(Verifications verifications, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-verify-vouch"), FixedDelay.ofHours(1))
                .execute((instance, context) -> verifications.vouch());
    }
}
