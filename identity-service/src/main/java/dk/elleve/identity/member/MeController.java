package dk.elleve.identity.member;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Who am I? Answered from the token alone.
@RestController
class MeController {

    record Me(
            String id,
            String name,
            List<String> roles,
            @Nullable TenantId tenant) {}

    @Operation(summary = "Who is calling")
    @GetMapping("/me")
    @PermitAll // whoever has a valid token: the filter chain has seen to that
    Me me() {
        var caller = Caller.current();
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        var name = authentication != null && authentication.getCredentials() instanceof Jwt token
                ? firstOf(
                        token.getClaimAsString("name"), token.getClaimAsString("preferred_username"), caller.subject())
                : caller.subject();
        return new Me(caller.subject(), name, caller.roles().stream().sorted().toList(), caller.tenantOrNull());
    }

    private static String firstOf(@Nullable String first, @Nullable String second, String last) {
        if (first != null) {
            return first;
        }
        return second != null ? second : last;
    }
}
