package dk.elleve.tenantdata;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
public class TenantDataApplication {

    public static void main(String[] args) {
        SpringApplication.run(TenantDataApplication.class, args);
    }
}
