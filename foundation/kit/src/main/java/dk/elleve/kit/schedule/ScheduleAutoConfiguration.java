package dk.elleve.kit.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/// Runs every bean of type `RecurringTask` (db-scheduler) once in the cluster at a time, on rows in
/// `kit.scheduled_tasks`.
@AutoConfiguration(after = FlywayAutoConfiguration.class)
@ConditionalOnBean(DataSource.class)
public final class ScheduleAutoConfiguration {

    ScheduleAutoConfiguration() {}

    @Bean
    @DependsOnDatabaseInitialization
    SmartLifecycle recurringTasks(
            DataSource dataSource,
            ObjectProvider<RecurringTask<?>> tasks,
            @Value("${elleve.schedule.forget-unknown-after:14d}") Duration forgetUnknownAfter) {
        return new Running(dataSource, tasks.orderedStream().toList(), forgetUnknownAfter);
    }

    private static final class Running implements SmartLifecycle {

        private final Scheduler scheduler;
        private final boolean needed;
        private volatile boolean running;

        /// @param forgetUnknownAfter when rows of tasks that this process does not know are deleted;
        ///     where other processes have tasks of their own in the same database: never
        Running(DataSource dataSource, List<RecurringTask<?>> tasks, Duration forgetUnknownAfter) {
            this.needed = !tasks.isEmpty();
            this.scheduler = Scheduler.create(dataSource)
                    .tableName("kit.scheduled_tasks")
                    .executorService(Executors.newVirtualThreadPerTaskExecutor())
                    .threads(4)
                    .pollingInterval(Duration.ofSeconds(1))
                    // What a killed process was doing is taken over after some twenty seconds, not half an hour.
                    .heartbeatInterval(Duration.ofSeconds(5))
                    .missedHeartbeatsLimit(4)
                    .deleteUnresolvedAfter(forgetUnknownAfter)
                    .shutdownMaxWait(Duration.ofSeconds(10))
                    .startTasks(tasks)
                    .build();
        }

        @Override
        public void start() {
            if (needed) {
                scheduler.start();
            }
            running = true;
        }

        @Override
        public void stop() {
            if (needed) {
                scheduler.stop();
            }
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
