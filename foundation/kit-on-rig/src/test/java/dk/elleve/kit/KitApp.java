package dk.elleve.kit;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The smallest service: the kit and one table.
@SpringBootApplication
public class KitApp {}
