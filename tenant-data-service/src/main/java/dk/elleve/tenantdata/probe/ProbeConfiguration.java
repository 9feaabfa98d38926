package dk.elleve.tenantdata.probe;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ProbeConfiguration {

    @Bean
    RecurringTask<Void> encryptionProbeTask(EncryptionProbe probe) {
        return Tasks.recurring("encryption-probe", FixedDelay.of(Duration.ofHours(1)))
                .execute((instance, context) -> probe.measure());
    }
}
