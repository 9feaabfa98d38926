package dk.elleve.kit.security;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

/// A checked token; its principal is a [Caller].
public final class CallerAuthentication extends AbstractAuthenticationToken {

    private final transient Caller caller;
    private final transient Jwt token;

    public CallerAuthentication(Jwt token) {
        this(Caller.of(token), token);
    }

    private CallerAuthentication(Caller caller, Jwt token) {
        super(authorities(caller));
        this.caller = caller;
        this.token = token;
        setAuthenticated(true);
    }

    private static List<GrantedAuthority> authorities(Caller caller) {
        return caller.roles().stream()
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority("ROLE_" + role))
                .toList();
    }

    @Override
    public Object getCredentials() {
        return token;
    }

    @Override
    public Caller getPrincipal() {
        return caller;
    }

    /// The subject, never a login: this name reaches logs.
    @Override
    public String getName() {
        return caller.subject();
    }
}
