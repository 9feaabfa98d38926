package dk.elleve.breach;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class BreachApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(BreachApplication.class, arguments);
    }
}
