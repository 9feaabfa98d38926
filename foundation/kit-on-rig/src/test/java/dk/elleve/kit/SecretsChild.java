package dk.elleve.kit;

import org.springframework.boot.SpringApplication;

/// The process that [SecretsTest] listens to.
final class SecretsChild {

    private SecretsChild() {}

    public static void main(String[] arguments) {
        SpringApplication.run(KitApp.class, arguments);
    }
}
