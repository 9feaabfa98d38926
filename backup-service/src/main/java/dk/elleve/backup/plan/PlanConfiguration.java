package dk.elleve.backup.plan;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dk.elleve.backup.cluster.Clusters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PlanConfiguration {

    @Bean
    RecurringTask<Void> backupRunTask(BackupRuns runs, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-runs"), FixedDelay.ofSeconds(2))
                .execute((instance, context) -> {
                    try {
                        runs.turn();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Bean
    RecurringTask<Void> walWatchTask(WalWatch watch, Clusters clusters) {
        return Tasks.recurring(clusters.task("backup-watch"), FixedDelay.ofMinutes(1))
                .execute((instance, context) -> watch.turn());
    }
}
