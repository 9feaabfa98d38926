package dk.elleve.audit.checkpoint;

import dk.elleve.kit.certificate.CertificateSampler;
import dk.elleve.kit.certificate.CertificateSource;
import java.time.Clock;
import java.util.ArrayList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SecondAnchorConfiguration {

    /// Who may have signed what the other place and the authority of time stamps show.
    @Bean
    CertificateSampler secondAnchorCertificates(SecondAnchorProperties properties, Clock clock) {
        var sources = new ArrayList<CertificateSource>();
        var webhook = properties.webhook();
        if (webhook != null && webhook.ca() != null) {
            sources.add(CertificateSource.pem(webhook.ca()));
        }
        var timestamp = properties.timestamp();
        if (timestamp != null) {
            sources.add(CertificateSource.pem(timestamp.ca()));
        }
        return new CertificateSampler("second-anchor", sources, clock);
    }
}
