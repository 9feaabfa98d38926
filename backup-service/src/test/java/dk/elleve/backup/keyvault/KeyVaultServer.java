package dk.elleve.backup.keyvault;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/// A key vault, and the sign-in before it, as Azure documents their REST API; no part of Azure itself. The keys are
/// real RSA keys, the line is TLS. Whoever asks by [#keyVaults] uses Azure's own names: only the last step of the way
/// leads here.
public final class KeyVaultServer implements AutoCloseable {

    public static final String KEY = "https://elleve.vault.azure.net/keys/master";
    static final String SECRET = "secret-of-the-application";

    private static final String VAULT = "elleve.vault.azure.net";
    private static final String SIGN_IN = "login.microsoftonline.com";
    private static final String TENANT = "11111111-2222-3333-4444-555555555555";
    private static final String CLIENT = "66666666-7777-8888-9999-000000000000";
    private static final HttpHeaderName MEANT = HttpHeaderName.fromString("X-Host-Meant");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Making an RSA key takes a second; the tests need few, and none cares whether another has used it.
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();

    private static final class Held {
        private final KeyPair pair;
        private final long created;
        private boolean enabled = true;

        private Held(KeyPair pair, long created) {
            this.pair = pair;
            this.created = created;
        }
    }

    private final Clock clock;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SSLContext trusting;
    private final Map<String, Held> versions = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final List<Integer> failures = new CopyOnWriteArrayList<>();
    private final String token;
    private volatile boolean deleted;
    private volatile boolean forbidden;

    public KeyVaultServer() {
        this(Clock.systemUTC());
    }

    public KeyVaultServer(Clock clock) {
        this.clock = clock;
        this.token = "token-" + HexFormat.of().toHexDigits(System.nanoTime());
        try {
            var tls = pair("tls", 2048);
            var certificate = certificate(tls);
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("tls", tls.getPrivate(), new char[0], new java.security.cert.Certificate[] {certificate});
            var serving = KeyManagerFactory.getInstance("PKIX");
            serving.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(serving.getKeyManagers(), null, null);
            var known = KeyStore.getInstance("PKCS12");
            known.load(null, null);
            known.setCertificateEntry("tls", certificate);
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(known);
            trusting = SSLContext.getInstance("TLS");
            trusting.init(null, trust.getTrustManagers(), null);
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /// A new version of the key, which is the current one from now on.
    public String createVersion() {
        return createVersion(VaultKey.BITS);
    }

    String createVersion(int bits) {
        var number = versions.size() + 1;
        var version = String.format("%032x", 0xc0ffee00L + number);
        versions.put(version, new Held(pair(bits + "/" + number, bits), 1_790_000_000L + number));
        return version;
    }

    public void enable(String version, boolean enabled) {
        versions.get(version).enabled = enabled;
    }

    public void delete(boolean deleted) {
        this.deleted = deleted;
    }

    void forbid(boolean forbidden) {
        this.forbidden = forbidden;
    }

    /// The next answers of the key vault, one after the other.
    void fail(Integer... statuses) {
        failures.addAll(Arrays.asList(statuses));
    }

    /// What was asked of the key vault so far, by operation.
    public Map<String, Integer> calls() {
        return calls.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().get(), (a, b) -> a, TreeMap::new));
    }

    RSAPublicKey publicKey(String version) {
        return (RSAPublicKey) versions.get(version).pair.getPublic();
    }

    /// Key vaults as somebody finds them who is allowed to use them.
    public KeyVaults keyVaults() {
        return keyVaults(SECRET);
    }

    KeyVaults keyVaults(String secret) {
        return KeyVaults.of(
                Map.of("AZURE_TENANT_ID", TENANT, "AZURE_CLIENT_ID", CLIENT, "AZURE_CLIENT_SECRET", secret),
                () -> new Leading(
                        new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder()
                                        .sslContext(trusting)
                                        .connectTimeout(Duration.ofSeconds(5)))
                                .build(),
                        server.getAddress().getPort()),
                clock);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /// Sends here what is meant for Azure.
    private record Leading(HttpClient http, int port) implements HttpClient {

        @Override
        public Mono<HttpResponse> send(HttpRequest request) {
            return http.send(led(request));
        }

        @Override
        public Mono<HttpResponse> send(HttpRequest request, Context context) {
            return http.send(led(request), context);
        }

        @Override
        public HttpResponse sendSync(HttpRequest request, Context context) {
            return http.sendSync(led(request), context);
        }

        private HttpRequest led(HttpRequest request) {
            var meant = URI.create(request.getUrl().toString());
            var query = meant.getRawQuery() == null ? "" : "?" + meant.getRawQuery();
            return request.copy()
                    .setHeader(MEANT, meant.getScheme() + "://" + meant.getHost())
                    .setUrl("https://localhost:" + port + meant.getRawPath() + query);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var meant = exchange.getRequestHeaders().getFirst(MEANT.getCaseInsensitiveName());
            var path = exchange.getRequestURI().getPath();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (("https://" + SIGN_IN).equals(meant)) {
                signIn(exchange, path, body);
            } else if (("https://" + VAULT).equals(meant)) {
                keys(exchange, path, body);
            } else {
                send(exchange, 404, Map.of());
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void signIn(HttpExchange exchange, String path, String body) throws IOException {
        if (path.equals("/common/discovery/instance")) {
            send(
                    exchange,
                    200,
                    Map.of(
                            "tenant_discovery_endpoint",
                            "https://" + SIGN_IN + "/" + TENANT + "/v2.0/.well-known/openid-configuration",
                            "metadata",
                            List.of(Map.of(
                                    "preferred_network",
                                    SIGN_IN,
                                    "preferred_cache",
                                    SIGN_IN,
                                    "aliases",
                                    List.of(SIGN_IN)))));
        } else if (path.equals("/" + TENANT + "/oauth2/v2.0/token")) {
            var form = form(body);
            if (!SECRET.equals(form.get("client_secret")) || !CLIENT.equals(form.get("client_id"))) {
                send(
                        exchange,
                        401,
                        Map.of(
                                "error",
                                "invalid_client",
                                "error_description",
                                "AADSTS7000215: Invalid client secret provided."));
            } else if (!String.valueOf(form.get("scope")).contains("https://vault.azure.net/.default")) {
                send(exchange, 400, Map.of("error", "invalid_scope", "error_description", "AADSTS70011"));
            } else {
                send(
                        exchange,
                        200,
                        Map.of(
                                "token_type",
                                "Bearer",
                                "expires_in",
                                3599,
                                "ext_expires_in",
                                3599,
                                "access_token",
                                token));
            }
        } else {
            send(exchange, 404, Map.of());
        }
    }

    private void keys(HttpExchange exchange, String path, String body) throws IOException, GeneralSecurityException {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer authorization=\"https://" + SIGN_IN + "/" + TENANT
                                    + "\", resource=\"https://vault.azure.net\"");
            error(exchange, 401, "Unauthorized", null, "AKV10000: Request is missing a Bearer or PoP token.");
            return;
        }
        var parts = path.split("/", -1);
        var operation =
                parts.length > 4 ? parts[4] : parts.length > 3 && parts[3].equals("versions") ? "versions" : "get";
        calls.computeIfAbsent(operation, each -> new AtomicInteger()).incrementAndGet();
        if (!failures.isEmpty()) {
            var status = failures.removeFirst();
            if (status == 429) {
                exchange.getResponseHeaders().add("Retry-After", "1");
            }
            error(exchange, status, status == 429 ? "Throttled" : "ServiceUnavailable", null, "as ordered");
        } else if (!"api-version=7.6".equals(exchange.getRequestURI().getQuery())
                && !exchange.getRequestURI().getQuery().startsWith("api-version=7.6&")) {
            error(exchange, 400, "BadParameter", null, "api-version");
        } else if (forbidden) {
            error(exchange, 403, "Forbidden", "ForbiddenByRbac", "Caller is not authorized to perform action");
        } else if (deleted || !parts[2].equals("master")) {
            error(
                    exchange,
                    404,
                    "KeyNotFound",
                    null,
                    "A key with (name/id) " + parts[2] + " was not found in this key vault.");
        } else if (operation.equals("versions")) {
            send(exchange, 200, listed());
        } else {
            var version = parts.length > 3 ? versions.get(parts[3]) : null;
            if (version == null) {
                error(exchange, 404, "KeyNotFound", null, "A key with (name/id) was not found in this key vault.");
            } else if (operation.equals("get")) {
                send(exchange, 200, shown(parts[3], version));
            } else if (!version.enabled) {
                error(
                        exchange,
                        403,
                        "Forbidden",
                        "KeyDisabled",
                        "Operation " + operation + " is not allowed on a disabled key.");
            } else {
                use(exchange, operation, parts[3], version, body);
            }
        }
    }

    private void use(HttpExchange exchange, String operation, String version, Held held, String body)
            throws IOException, GeneralSecurityException {
        var asked = JSON.readTree(body);
        var value = Base64.getUrlDecoder().decode(asked.get("value").stringValue());
        var algorithm = asked.get("alg").stringValue();
        var wanted = operation.equals("sign") ? "PS256" : "RSA-OAEP-256";
        if (!algorithm.equals(wanted)) {
            error(exchange, 400, "BadParameter", null, "alg");
            return;
        }
        byte[] result;
        try {
            result = switch (operation) {
                case "wrapkey" -> oaep(Cipher.ENCRYPT_MODE, held.pair).doFinal(value);
                case "unwrapkey" -> oaep(Cipher.DECRYPT_MODE, held.pair).doFinal(value);
                case "sign" -> signature(held.pair, value);
                default -> throw new GeneralSecurityException(operation);
            };
        } catch (GeneralSecurityException e) {
            error(exchange, 400, "BadParameter", null, "The parameter is incorrect.");
            return;
        }
        send(exchange, 200, Map.of("kid", KEY + "/" + version, "value", url(result)));
    }

    private static Cipher oaep(int mode, KeyPair pair) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                mode,
                mode == Cipher.ENCRYPT_MODE ? pair.getPublic() : pair.getPrivate(),
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        return cipher;
    }

    static byte[] wrapped(RSAPublicKey key, byte[] bytes) throws GeneralSecurityException {
        return oaep(Cipher.ENCRYPT_MODE, new KeyPair(key, null)).doFinal(bytes);
    }

    /// Of a hash that was made elsewhere, as the key vault's `sign` does it. Java signs messages only, so the padding
    /// (RFC 8017, 9.1.1) is put around it by Bouncy Castle.
    private static byte[] signature(KeyPair pair, byte[] hash) throws GeneralSecurityException {
        var signer =
                Signature.getInstance("NONEwithRSASSA-PSS", new org.bouncycastle.jce.provider.BouncyCastleProvider());
        signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        signer.initSign(pair.getPrivate());
        signer.update(hash);
        return signer.sign();
    }

    private Map<String, Object> listed() {
        var items = new ArrayList<Map<String, Object>>();
        versions.forEach(
                (version, held) -> items.add(Map.of("kid", KEY + "/" + version, "attributes", attributes(held))));
        return Map.of("value", items);
    }

    private static Map<String, Object> attributes(Held held) {
        return Map.of(
                "enabled",
                held.enabled,
                "created",
                held.created,
                "updated",
                held.created,
                "recoveryLevel",
                "Recoverable+Purgeable");
    }

    private static Map<String, Object> shown(String version, Held held) {
        var key = (RSAPublicKey) held.pair.getPublic();
        return Map.of(
                "key",
                Map.of(
                        "kid",
                        KEY + "/" + version,
                        "kty",
                        "RSA",
                        "key_ops",
                        List.of("wrapKey", "unwrapKey", "sign", "verify"),
                        "n",
                        url(unsigned(key.getModulus())),
                        "e",
                        url(unsigned(key.getPublicExponent()))),
                "attributes",
                attributes(held));
    }

    private static byte[] unsigned(BigInteger number) {
        var bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8), (a, b) -> a));
    }

    private static void error(HttpExchange exchange, int status, String code, @Nullable String inner, String message)
            throws IOException {
        var error = new TreeMap<String, Object>(Map.of("code", code, "message", message));
        if (inner != null) {
            error.put("innererror", Map.of("code", inner));
        }
        send(exchange, status, Map.of("error", error));
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        var bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static KeyPair pair(String name, int bits) {
        return PAIRS.computeIfAbsent(name, each -> {
            try {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(bits);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static java.security.cert.X509Certificate certificate(KeyPair pair)
            throws OperatorCreationException, GeneralSecurityException, IOException {
        var name = new X500Name("CN=localhost");
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                name,
                pair.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
    }
}
