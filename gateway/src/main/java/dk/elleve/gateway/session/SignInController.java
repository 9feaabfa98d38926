package dk.elleve.gateway.session;

import jakarta.annotation.security.PermitAll;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The address behind the dashboard's sign-in button.
@RestController
class SignInController {

    @PermitAll
    @GetMapping("/session/login")
    ResponseEntity<Void> signIn() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create("/session/authorization/keycloak"))
                .build();
    }
}
