package dk.elleve.kit.certificate;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/// Measures the certificates that any service may be given by Spring Boot's own settings. What a
/// service has beyond that it measures by a [CertificateSampler] of its own.
@AutoConfiguration
public final class CertificateAutoConfiguration {

    private static final String KAFKA = "spring.ssl.bundle.pem.kafka.";

    CertificateAutoConfiguration() {}

    /// What the service shows its callers.
    @Bean
    CertificateSampler serverCertificates(Environment settings, Clock clock) {
        var sources = new ArrayList<CertificateSource>();
        add(sources, settings.getProperty("server.ssl.certificate"));
        var store = settings.getProperty("server.ssl.key-store");
        if (store != null) {
            sources.add(CertificateSource.keyStore(store, settings.getProperty("server.ssl.key-store-password", "")));
        }
        return new CertificateSampler("server", sources, clock);
    }

    /// Whom the service trusts to be Kafka, and what it shows there.
    @Bean
    CertificateSampler kafkaCertificates(Environment settings, Clock clock) {
        var sources = new ArrayList<CertificateSource>();
        add(sources, settings.getProperty(KAFKA + "truststore.certificate"));
        add(sources, settings.getProperty(KAFKA + "keystore.certificate"));
        return new CertificateSampler("kafka", sources, clock);
    }

    /// Whom the service trusts to be its database, and what it shows there, as the address says.
    @Bean
    CertificateSampler databaseCertificates(Environment settings, Clock clock) {
        return new CertificateSampler(
                "database",
                filesIn(settings.getProperty("spring.datasource.url", "")).stream()
                        .map(CertificateSource::pem)
                        .toList(),
                clock);
    }

    /// The certificates that an address of pgjdbc's names.
    static List<Path> filesIn(String url) {
        int parameters = url.indexOf('?');
        return parameters < 0
                ? List.of()
                : Stream.of(url.substring(parameters + 1).split("&"))
                        .map(each -> each.split("=", 2))
                        .filter(each -> each.length == 2
                                && List.of("sslrootcert", "sslcert").contains(each[0]))
                        .map(each -> Path.of(URLDecoder.decode(each[1], StandardCharsets.UTF_8)))
                        .toList();
    }

    private static void add(List<CertificateSource> sources, @Nullable String location) {
        if (location != null) {
            sources.add(CertificateSource.pem(location));
        }
    }
}
