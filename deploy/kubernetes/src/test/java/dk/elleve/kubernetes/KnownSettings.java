package dk.elleve.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The settings that somebody reads: what the configuration processor wrote down of our own and Boot's properties, and
/// the names that stand in placeholders.
final class KnownSettings {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(elleve\\.[a-z.-]+)");
    private static final Pattern LIST = Pattern.compile("java\\.util\\.List<(dk\\.elleve\\.[\\w.$]+)>");
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> names = new TreeSet<>();
    private final Set<String> maps = new TreeSet<>();

    private KnownSettings() {}

    static KnownSettings collect() {
        var known = new KnownSettings();
        try {
            var onClasspath =
                    KnownSettings.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json");
            for (var metadata : Collections.list(onClasspath)) {
                try (var in = metadata.openStream()) {
                    known.take(JSON.readTree(in));
                }
            }
            for (var service : Service.values()) {
                var module = ProjectRoot.find().resolve(service.module());
                var classes = module.resolve("target/classes");
                var metadata = classes.resolve("META-INF/spring-configuration-metadata.json");
                if (Files.exists(metadata)) {
                    var described = JSON.readTree(metadata.toFile());
                    known.take(described);
                    known.takeLists(described, classes);
                } else if (declares(module)) {
                    throw new AssertionError(service.module()
                            + " is not compiled, so its settings are not known; run ./mvnw -DskipTests install once.");
                }
            }
            for (var module : modules()) {
                try (var files = Files.walk(module.resolve("src/main"))) {
                    for (var file : files.filter(each -> each.toString().matches(".*\\.(java|yml)"))
                            .toList()) {
                        PLACEHOLDER
                                .matcher(Files.readString(file))
                                .results()
                                .forEach(found -> known.names.add(found.group(1)));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (var service : Service.values()) {
            of(service).forEach(setting -> known.names.add(setting.name()));
        }
        return known;
    }

    /// What a platform with every part tells a service; nothing of it is asked for its value.
    static List<ServiceSettings.Setting> of(Service service) {
        var nowhere = (House) Proxy.newProxyInstance(
                House.class.getClassLoader(), new Class<?>[] {House.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("actuatorPort")) {
                        return OptionalInt.of(9000);
                    }
                    if (method.getName().equals("scanner")) {
                        return Optional.of(new Address("clamav", 3310));
                    }
                    if (method.getName().equals("backupsSignedSince")) {
                        return Optional.empty(); // a cluster has had the key since its first backup
                    }
                    throw new IllegalStateException("No part is asked for anything here");
                });
        return ServiceSettings.of(nowhere, service);
    }

    boolean knows(String given) {
        var name = INDEX.matcher(given).replaceAll("[n]");
        return names.contains(name) || maps.stream().anyMatch(map -> name.startsWith(map + "."));
    }

    static List<Path> modules() {
        var modules = new ArrayList<Path>();
        modules.add(ProjectRoot.find().resolve("foundation/kit"));
        Stream.of(Service.values())
                .map(service -> ProjectRoot.find().resolve(service.module()))
                .forEach(modules::add);
        return modules;
    }

    private static boolean declares(Path module) throws IOException {
        try (var files = Files.walk(module.resolve("src/main/java"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains("@ConfigurationProperties(")) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The processor names a list and stops there; what its elements may be told are the components
    /// of their record.
    private void takeLists(JsonNode metadata, Path classes) throws IOException {
        for (var property : metadata.path("properties")) {
            var list = LIST.matcher(property.path("type").asText());
            if (list.matches()) {
                var element = ClassFile.of().parse(classes.resolve(list.group(1).replace('.', '/') + ".class"));
                element.findAttribute(Attributes.record())
                        .orElseThrow(() -> new AssertionError(list.group(1) + " is no record"))
                        .components()
                        .forEach(component -> names.add(property.path("name").asText() + "[n]."
                                + hyphenated(component.name().stringValue())));
            }
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private void take(JsonNode metadata) {
        for (var property : metadata.path("properties")) {
            var name = property.path("name").asText();
            names.add(name);
            if (property.path("type").asText().startsWith("java.util.Map")) {
                maps.add(name);
            }
        }
    }
}
