package dk.elleve.kit.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.util.ResourceUtils;

/// Where certificates lie. They are read whenever they are asked for: a file that was renewed is seen
/// without a restart.
@FunctionalInterface
public interface CertificateSource {

    /// All of them.
    ///
    /// @throws IOException if they cannot be read, or if there are none
    /// @throws GeneralSecurityException if they are no certificates
    List<X509Certificate> read() throws IOException, GeneralSecurityException;

    /// A PEM file; keys and text between the certificates are passed over.
    static CertificateSource pem(Path file) {
        return () -> certificates(Files.readString(file), file.toString());
    }

    /// What a setting of Spring Boot's names: a file, with or without `file:`, or the PEM itself.
    static CertificateSource pem(String location) {
        return location.contains("-----BEGIN")
                ? () -> certificates(location, "The setting")
                : () -> pem(ResourceUtils.getFile(location).toPath()).read();
    }

    /// A key store (PKCS #12 or JKS), with what it shows and what it trusts.
    static CertificateSource keyStore(String location, String password) {
        return () -> {
            var store = KeyStore.getInstance(ResourceUtils.getFile(location), password.toCharArray());
            var found = new ArrayList<X509Certificate>();
            for (var alias : Collections.list(store.aliases())) {
                var chain = store.getCertificateChain(alias);
                if (chain != null) {
                    for (var each : chain) {
                        found.add((X509Certificate) each);
                    }
                } else if (store.getCertificate(alias) instanceof X509Certificate trusted) {
                    found.add(trusted);
                }
            }
            return notEmpty(found, location);
        };
    }

    private static List<X509Certificate> certificates(String text, String from)
            throws IOException, GeneralSecurityException {
        var only = new StringBuilder();
        boolean within = false;
        for (var line : text.lines().toList()) {
            within |= line.startsWith("-----BEGIN CERTIFICATE-----");
            if (within) {
                only.append(line).append('\n');
            }
            within &= !line.startsWith("-----END CERTIFICATE-----");
        }
        var found = new ArrayList<X509Certificate>();
        for (var each : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(only.toString().getBytes(StandardCharsets.US_ASCII)))) {
            found.add((X509Certificate) each);
        }
        return notEmpty(found, from);
    }

    private static List<X509Certificate> notEmpty(List<X509Certificate> found, String from) throws IOException {
        if (found.isEmpty()) {
            throw new IOException(from + " holds no certificate");
        }
        return found;
    }
}
