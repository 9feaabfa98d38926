package dk.elleve.identity.keycloak;

import dk.elleve.contracts.TenantId;
import dk.elleve.identity.IdentityProblem;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

/// The few calls the platform needs of Keycloak's admin API. Every change can be repeated: what is
/// there already is found, not made again. A failure is `keycloak-away`; a call whose answer was lost
/// may have had its effect.
@Component
public class KeycloakAdmin {

    /// @param id the organization's id in Keycloak
    public record Organization(
            String id,
            String alias,
            @Nullable String name,
            @Nullable Boolean enabled) {}

    /// A person. What stands here is personal data and is never stored or logged outside Keycloak.
    public record User(
            String id,
            String username,
            @Nullable String email,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable Boolean enabled) {}

    private record Token(String access_token, long expires_in) {}

    private record Held(String token, Instant until) {}

    private record RoleName(String id, String name) {}

    private final KeycloakProperties properties;
    private final Clock clock;
    private final RestClient http;
    private volatile @Nullable Held held;

    KeycloakAdmin(KeycloakProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        var factory = new JdkClientHttpRequestFactory();
        factory.setReadTimeout(Duration.ofSeconds(10));
        this.http = RestClient.builder().requestFactory(factory).build();
    }

    public Optional<Organization> findOrganization(TenantId alias) {
        return calling(() -> organizations("search", alias.value()).stream()
                .filter(found -> found.alias().equals(alias.value()))
                .findFirst());
    }

    /// The organization of that alias, made now if there is none.
    public Organization ensureOrganization(TenantId alias, String name) {
        return findOrganization(alias)
                .orElseGet(() -> calling(() -> {
                    var answer = http.post()
                            .uri(admin("/organizations"))
                            .headers(headers -> headers.setBearerAuth(token()))
                            .contentType(MediaType.APPLICATION_JSON)
                            // Keycloak wants a domain of its own for each; nobody's mail is routed by it.
                            .body(Map.of(
                                    "name", alias.value(),
                                    "alias", alias.value(),
                                    "description", name,
                                    "enabled", true,
                                    "domains",
                                            List.of(Map.of(
                                                    "name", alias.value() + ".tenant.invalid", "verified", false))))
                            .retrieve()
                            // 409: somebody else made it meanwhile, or a lost answer had made it.
                            .onStatus(status -> status.value() == 409, (request, response) -> {})
                            .toBodilessEntity();
                    return findOrganization(alias)
                            .orElseThrow(() -> IdentityProblem.KEYCLOAK_AWAY.with("Keycloak answered "
                                    + answer.getStatusCode().value() + " but has no organization " + alias));
                }));
    }

    /// Nobody signs in to a disabled organization.
    public void disableOrganization(TenantId alias) {
        findOrganization(alias)
                .ifPresent(found -> calling(() -> http.put()
                        .uri(admin("/organizations/" + found.id()))
                        .headers(headers -> headers.setBearerAuth(token()))
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(Map.of("id", found.id(), "name", alias.value(), "alias", alias.value(), "enabled", false))
                        .retrieve()
                        .toBodilessEntity()));
    }

    public List<User> members(Organization organization, int first, int most) {
        return calling(() -> List.of(http.get()
                .uri(admin("/organizations/" + organization.id() + "/members?first=" + first + "&max=" + most))
                .headers(headers -> headers.setBearerAuth(token()))
                .retrieve()
                .requiredBody(User[].class)));
    }

    public void addMember(Organization organization, String user) {
        calling(() -> http.post()
                .uri(admin("/organizations/" + organization.id() + "/members"))
                .headers(headers -> headers.setBearerAuth(token()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(user)
                .retrieve()
                .onStatus(status -> status.value() == 409, (request, response) -> {})
                .toBodilessEntity());
    }

    public void removeMember(Organization organization, String user) {
        calling(() -> http.delete()
                .uri(admin("/organizations/" + organization.id() + "/members/" + user))
                .headers(headers -> headers.setBearerAuth(token()))
                .retrieve()
                // Gone already: somebody else removed the person, or a lost answer had.
                .onStatus(status -> status.value() == 404 || status.value() == 400, (request, response) -> {})
                .toBodilessEntity());
    }

    public Optional<User> findUser(String login) {
        return calling(() -> {
            var found = http.get()
                    .uri(
                            properties.url() + "/admin/realms/{realm}/users?exact=true&username={login}",
                            properties.realm(),
                            login)
                    .headers(headers -> headers.setBearerAuth(token()))
                    .retrieve()
                    .requiredBody(User[].class);
            return List.of(found).stream().findFirst();
        });
    }

    /// None where nobody has that id.
    public List<Organization> organizationsOf(String user) {
        return calling(() -> {
            try {
                return List.of(http.get()
                        .uri(admin("/organizations/members/" + user + "/organizations"))
                        .headers(headers -> headers.setBearerAuth(token()))
                        .retrieve()
                        .requiredBody(Organization[].class));
            } catch (HttpClientErrorException.NotFound | HttpClientErrorException.BadRequest nobody) {
                return List.of();
            }
        });
    }

    /// The realm's roles that the person has, those within other roles included.
    public Set<String> rolesOf(String user) {
        return calling(() -> Stream.of(http.get()
                        .uri(admin("/users/" + user + "/role-mappings/realm/composite"))
                        .headers(headers -> headers.setBearerAuth(token()))
                        .retrieve()
                        .requiredBody(RoleName[].class))
                .map(RoleName::name)
                .collect(Collectors.toSet()));
    }

    /// @param end how the addresses end, such as `@example.org`
    boolean anyEnabledUserAt(String end) {
        return calling(() -> {
            var found = http.get()
                    .uri(
                            properties.url() + "/admin/realms/{realm}/users?enabled=true&max=1&email={end}",
                            properties.realm(),
                            end)
                    .headers(headers -> headers.setBearerAuth(token()))
                    .retrieve()
                    .requiredBody(User[].class);
            return found.length > 0;
        });
    }

    /// A new person who sets the password by the mail Keycloak sends at the first sign-in.
    ///
    /// @throws dk.elleve.kit.problem.Problem `login-taken`
    public User createUser(String email, String firstName, String lastName) {
        calling(() -> http.post()
                .uri(admin("/users"))
                .headers(headers -> headers.setBearerAuth(token()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of(
                        "username", email,
                        "email", email,
                        "firstName", firstName,
                        "lastName", lastName,
                        "enabled", true,
                        "requiredActions", List.of("UPDATE_PASSWORD", "VERIFY_EMAIL")))
                .retrieve()
                .onStatus(status -> status.value() == 409, (request, response) -> {
                    throw IdentityProblem.LOGIN_TAKEN.with(
                            "Use the login of the person who has it, or another address.");
                })
                .toBodilessEntity());
        return findUser(email)
                .orElseThrow(() -> IdentityProblem.KEYCLOAK_AWAY.with("Keycloak made a user and does not find it."));
    }

    public void giveRole(String user, String role) {
        mapRole(HttpMethod.POST, user, role);
    }

    public void takeRole(String user, String role) {
        mapRole(HttpMethod.DELETE, user, role);
    }

    private void mapRole(HttpMethod how, String user, String role) {
        calling(() -> {
            var known = http.get()
                    .uri(admin("/roles/" + role))
                    .headers(headers -> headers.setBearerAuth(token()))
                    .retrieve()
                    .requiredBody(RoleName.class);
            return http.method(how)
                    .uri(admin("/users/" + user + "/role-mappings/realm"))
                    .headers(headers -> headers.setBearerAuth(token()))
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(List.of(known))
                    .retrieve()
                    .toBodilessEntity();
        });
    }

    private List<Organization> organizations(String parameter, String value) {
        return List.of(http.get()
                .uri(admin("/organizations?exact=true&" + parameter + "=" + value))
                .headers(headers -> headers.setBearerAuth(token()))
                .retrieve()
                .requiredBody(Organization[].class));
    }

    private URI admin(String path) {
        return URI.create(properties.url() + "/admin/realms/" + properties.realm() + path);
    }

    private String token() {
        var now = held;
        if (now != null && clock.instant().isBefore(now.until())) {
            return now.token();
        }
        var form = new LinkedMultiValueMap<String, String>();
        form.add("grant_type", "client_credentials");
        form.add("client_id", properties.clientId());
        form.add("client_secret", properties.clientSecret());
        var token = http.post()
                .uri(properties.url() + "/realms/" + properties.realm() + "/protocol/openid-connect/token")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .requiredBody(Token.class);
        held = new Held(token.access_token(), clock.instant().plusSeconds(Math.max(1, token.expires_in() - 20)));
        return token.access_token();
    }

    private <T> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (ResourceAccessException away) {
            throw IdentityProblem.KEYCLOAK_AWAY.with(
                    "Keycloak does not answer; who has signed in goes on working. Retry.");
        } catch (RestClientResponseException refused) {
            if (refused.getStatusCode().value() == 401) {
                held = null;
            }
            // Its message may repeat an address or a name: only the status goes on.
            throw IdentityProblem.KEYCLOAK_AWAY.with(
                    "Keycloak answered " + refused.getStatusCode().value() + ". Retry.");
        }
    }
}
