package dk.elleve.kit.certificate;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/// Measures how long the certificates of one use are still good for. Each use has a sampler of its own,
/// so that a file that cannot be read hides no other and is told by the age of its own measurement.
public final class CertificateSampler implements Sampler {

    private static final Measure LEFT = new Measure(
            "elleve.certificate.left",
            "seconds",
            "Time until the first certificate of this use ends, below 0 it has; +Inf where none is set");

    private final String use;
    private final List<CertificateSource> sources;
    private final Clock clock;

    /// @param use what the certificates are for, a word: the label of the number
    /// @param sources where they lie; with none it says that nothing will end
    public CertificateSampler(String use, List<CertificateSource> sources, Clock clock) {
        this.use = use;
        this.sources = List.copyOf(sources);
        this.clock = clock;
    }

    @Override
    public String name() {
        return "certificate-" + use;
    }

    @Override
    public void sample(Sample sample) {
        var all = new ArrayList<X509Certificate>();
        for (var source : sources) {
            try {
                all.addAll(source.read());
            } catch (IOException | GeneralSecurityException unreadable) {
                throw new IllegalStateException(
                        "The certificates for " + use + " cannot be read: " + unreadable.getMessage(), unreadable);
            }
        }
        var now = clock.instant();
        sample.put(
                LEFT,
                firstEnd(all)
                        .map(end -> (end.toEpochMilli() - now.toEpochMilli()) / 1000.0)
                        .orElse(Double.POSITIVE_INFINITY),
                "use",
                use);
    }

    /// When the first of them ends. An authority that renews itself keeps its name, and files hold the
    /// old one beside the new one for a while: of those with the same name only the one that lasts
    /// longest counts.
    static Optional<Instant> firstEnd(List<X509Certificate> certificates) {
        return certificates.stream()
                .collect(Collectors.toMap(
                        X509Certificate::getSubjectX500Principal,
                        each -> each.getNotAfter().toInstant(),
                        BinaryOperator.maxBy(Instant::compareTo)))
                .values()
                .stream()
                .min(Instant::compareTo);
    }
}
