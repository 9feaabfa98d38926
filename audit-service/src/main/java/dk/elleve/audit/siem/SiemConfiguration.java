package dk.elleve.audit.siem;

import dk.elleve.kit.certificate.CertificateSampler;
import dk.elleve.kit.certificate.CertificateSource;
import java.time.Clock;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SiemConfiguration {

    /// What receivers are shown, and who may have signed what they show.
    @Bean
    CertificateSampler siemCertificates(SiemProperties properties, Clock clock) {
        return new CertificateSampler(
                "siem",
                properties.siem().stream()
                        .flatMap(each -> Stream.of(each.ca(), each.certificate()))
                        .filter(Objects::nonNull)
                        .map(CertificateSource::pem)
                        .toList(),
                clock);
    }
}
