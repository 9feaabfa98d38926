package dk.elleve.kit.test;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/// Tokens as Keycloak would sign them, for services whose tests do not need Keycloak itself. A small issuer on the
/// loopback address shows the keys.
///
/// ```java
/// var token = Tokens.user("nord-admin").tenant("nord").roles("tenant-admin").mint();
/// ```
public final class Tokens {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KEY_ID = "rig";

    private Tokens() {}

    /// One of the demo users by name, with the roles and the tenant the local realm gives them.
    public static Token demo(String login) {
        var token = user(login);
        var dash = login.indexOf('-');
        return switch (login) {
            case "administrator", "technical-manager", "support", "dpo", "auditor" -> token.roles(login);
            case "nord-admin", "havn-admin" ->
                token.tenant(login.substring(0, dash)).roles("tenant-admin");
            case "nord-user", "havn-user" ->
                token.tenant(login.substring(0, dash)).roles("tenant-user");
            case "nord-dpo", "havn-dpo" ->
                token.tenant(login.substring(0, dash)).roles("tenant-dpo");
            default -> throw new IllegalArgumentException("There is no demo user " + login);
        };
    }

    /// A user without roles and tenant; the same login always has the same subject.
    public static Token user(String login) {
        return new Token(subject(login), login, List.of(), List.of(), Duration.ofMinutes(5), issuer(), true, Map.of());
    }

    /// The Keycloak subject of a login.
    public static UUID subject(String login) {
        return UUID.nameUUIDFromBytes(("elleve:" + login).getBytes(StandardCharsets.UTF_8));
    }

    public static String issuer() {
        return Issuer.URL;
    }

    public static String jwkSet() {
        return Issuer.URL + "/protocol/openid-connect/certs";
    }

    /// What the token will say; each method gives a changed copy.
    public record Token(
            UUID subject,
            String login,
            List<String> roles,
            List<String> tenants,
            Duration lifetime,
            String issuer,
            boolean honest,
            Map<String, Object> extra) {

        public Token roles(String... more) {
            return new Token(subject, login, List.of(more), tenants, lifetime, issuer, honest, extra);
        }

        public Token tenant(String tenant) {
            return tenants(tenant);
        }

        /// Two at once, or none, is what the gateway must refuse.
        public Token tenants(String... several) {
            return new Token(subject, login, roles, List.of(several), lifetime, issuer, honest, extra);
        }

        public Token subject(UUID other) {
            return new Token(other, login, roles, tenants, lifetime, issuer, honest, extra);
        }

        /// A negative lifetime makes a token that is over.
        public Token lifetime(Duration other) {
            return new Token(subject, login, roles, tenants, other, issuer, honest, extra);
        }

        public Token issuer(String other) {
            return new Token(subject, login, roles, tenants, lifetime, other, honest, extra);
        }

        /// Signed with a key nobody published.
        public Token forged() {
            return new Token(subject, login, roles, tenants, lifetime, issuer, false, extra);
        }

        public Token claim(String name, Object value) {
            var more = new LinkedHashMap<>(extra);
            more.put(name, value);
            return new Token(subject, login, roles, tenants, lifetime, issuer, honest, more);
        }

        /// At the time of the real clock.
        public String mint() {
            return mint(Clock.systemUTC().instant());
        }

        public String mint(Instant now) {
            var claims = new LinkedHashMap<String, Object>();
            var end = now.plus(lifetime);
            claims.put("exp", end.getEpochSecond());
            claims.put("iat", Math.min(now.getEpochSecond(), end.getEpochSecond() - 1));
            claims.put("jti", UUID.randomUUID().toString());
            claims.put("iss", issuer);
            claims.put("sub", subject.toString());
            claims.put("typ", "Bearer");
            claims.put("azp", "elleve-cli");
            claims.put("sid", UUID.randomUUID().toString());
            claims.put("realm_access", Map.of("roles", roles));
            claims.put("scope", "profile email organization");
            if (!tenants.isEmpty()) {
                var organizations = new LinkedHashMap<String, Object>();
                tenants.forEach(tenant -> organizations.put(tenant, Map.of()));
                claims.put("organization", organizations);
            }
            claims.put("preferred_username", login);
            claims.putAll(extra);
            return sign(Map.of("alg", "RS256", "typ", "JWT", "kid", KEY_ID), claims, honest ? Issuer.KEY : newKey());
        }

        public String bearer() {
            return "Bearer " + mint();
        }
    }

    private static String sign(Map<String, ?> header, Map<String, ?> claims, KeyPair key) {
        try {
            var signed = base64(JSON.writeValueAsBytes(header)) + "." + base64(JSON.writeValueAsBytes(claims));
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String base64(BigInteger number) {
        var bytes = number.toByteArray();
        return base64(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static final class Issuer {
        static final KeyPair KEY = newKey();
        static final String URL = serve();

        private static String serve() {
            try {
                var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/elleve";
                var key = (RSAPublicKey) KEY.getPublic();
                show(
                        server,
                        "/realms/elleve/protocol/openid-connect/certs",
                        Map.of(
                                "keys",
                                List.of(Map.of(
                                        "kty",
                                        "RSA",
                                        "use",
                                        "sig",
                                        "alg",
                                        "RS256",
                                        "kid",
                                        KEY_ID,
                                        "n",
                                        base64(key.getModulus()),
                                        "e",
                                        base64(key.getPublicExponent())))));
                show(
                        server,
                        "/realms/elleve/.well-known/openid-configuration",
                        Map.of(
                                "issuer",
                                url,
                                "jwks_uri",
                                url + "/protocol/openid-connect/certs",
                                "authorization_endpoint",
                                url + "/protocol/openid-connect/auth",
                                "token_endpoint",
                                url + "/protocol/openid-connect/token",
                                "end_session_endpoint",
                                url + "/protocol/openid-connect/logout",
                                "subject_types_supported",
                                List.of("public"),
                                "response_types_supported",
                                List.of("code"),
                                "id_token_signing_alg_values_supported",
                                List.of("RS256")));
                server.setExecutor(Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().name("issuer-", 0).factory()));
                server.start();
                return url;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void show(HttpServer server, String path, Map<String, ?> document) {
            var body = JSON.writeValueAsBytes(document);
            server.createContext(path, exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                try (var out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
        }
    }
}
