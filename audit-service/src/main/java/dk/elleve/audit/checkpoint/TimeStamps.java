package dk.elleve.audit.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/// Time stamps of RFC 3161: what is asked, and whether what is answered is one. Speaks with nobody.
final class TimeStamps {

    /// The answer is no time stamp of what was asked for, or of nobody who is trusted.
    static final class Refused extends Exception {

        Refused(String message) {
            super(message);
        }

        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final int NONCE_BITS = 128;

    private final Set<TrustAnchor> trusted;
    private final SecureRandom random;

    /// @param trusted whose signature an authority's certificate must bear, itself or through others
    TimeStamps(List<X509Certificate> trusted, SecureRandom random) {
        this.trusted = trusted.stream()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toSet());
        this.random = random;
    }

    /// Asks for a stamp of this content, with the authority's certificate in it. Only the hash is
    /// sent. The nonce keeps an older answer from passing for a new one.
    TimeStampRequest request(byte[] content) {
        try {
            var generator = new TimeStampRequestGenerator();
            generator.setCertReq(true);
            return generator.generate(
                    TSPAlgorithms.SHA256,
                    MessageDigest.getInstance("SHA-256").digest(content),
                    new BigInteger(NONCE_BITS, random));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A request for a time stamp cannot be made", e);
        }
    }

    /// The time in the answer, if the authority granted it, for this hash and this nonce, signed
    /// with a certificate that is for time stamps and nothing else and that leads to one that is
    /// trusted.
    Instant verified(TimeStampRequest request, byte[] answer) throws Refused {
        try {
            var response = new TimeStampResponse(answer);
            // Compares status, hash, algorithm, nonce and policy with what was asked.
            response.validate(request);
            var token = response.getTimeStampToken();
            if (token == null
                    || (response.getStatus() != PKIStatus.GRANTED
                            && response.getStatus() != PKIStatus.GRANTED_WITH_MODS)) {
                throw new Refused("The authority gave no stamp: status " + response.getStatus() + " "
                        + response.getStatusString());
            }
            var enclosed = certificates(token);
            var signer = enclosed.stream()
                    .filter(certificate -> token.getSID().match(certificate))
                    .findFirst()
                    .orElseThrow(() -> new Refused("The stamp lacks the certificate of its signer"));
            // The signature; that the stamp names this certificate; that the certificate is for time stamps only, and
            // was valid then.
            token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
            requireTrusted(signer, enclosed, token.getTimeStampInfo().getGenTime());
            return token.getTimeStampInfo().getGenTime().toInstant();
        } catch (IOException | TSPException | OperatorCreationException | CertificateException wrong) {
            throw new Refused("The answer is no time stamp of what was asked for: " + wrong.getMessage(), wrong);
        } catch (RuntimeException malformed) {
            // So the parser tells of structures that are not what they should be.
            throw new Refused("The answer is no time stamp: " + malformed.getMessage(), malformed);
        }
    }

    private static List<X509CertificateHolder> certificates(TimeStampToken token) {
        return new ArrayList<>(token.getCertificates().getMatches(null));
    }

    private void requireTrusted(X509CertificateHolder signer, List<X509CertificateHolder> enclosed, Date at)
            throws Refused, CertificateException {
        var converter = new JcaX509CertificateConverter();
        var others = new ArrayList<X509Certificate>();
        for (var certificate : enclosed) {
            others.add(converter.getCertificate(certificate));
        }
        var target = new X509CertSelector();
        target.setCertificate(converter.getCertificate(signer));
        try {
            var parameters = new PKIXBuilderParameters(trusted, target);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
            parameters.setDate(at);
            // Whether the certificate was revoked meanwhile is a question for whoever verifies the stamp later.
            parameters.setRevocationEnabled(false);
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException untrusted) {
            throw new Refused("The stamp is signed by nobody who is trusted: " + untrusted.getMessage(), untrusted);
        }
    }
}
