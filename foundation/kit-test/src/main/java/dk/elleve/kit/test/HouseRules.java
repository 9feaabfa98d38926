package dk.elleve.kit.test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;

/// What a compiler cannot see. Each rule says why, so that a failing build teaches. A module's test pulls all in:
///
/// ```java
/// @AnalyzeClasses(packages = "dk.elleve.backup", importOptions = ImportOption.DoNotIncludeTests.class)
/// class ArchitectureTest {
///     @ArchTest
///     static final ArchTests house = ArchTests.in(HouseRules.class);
/// }
/// ```
public final class HouseRules {

    private static final List<String> ACCESS_DECISIONS = List.of(
            "jakarta.annotation.security.RolesAllowed",
            "jakarta.annotation.security.PermitAll",
            "jakarta.annotation.security.DenyAll");

    private HouseRules() {}

    @ArchTest
    static final ArchRule time_comes_from_the_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("a test must be able to move time; inject java.time.Clock")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobody_sleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", Duration.class)
            .because("a sleep is a guess; wait for the condition itself, or let the scheduler call")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule events_leave_by_the_outbox = noClasses()
            .that()
            .resideOutsideOfPackage("dk.elleve.kit..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.springframework.kafka.core..", "org.apache.kafka.clients.producer.."))
            .because("an event sent outside the transaction can be lost or lie; use the kit's outbox or spool")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule listeners_are_named_so = methods()
            .that()
            .areAnnotatedWith("org.springframework.kafka.annotation.KafkaListener")
            .should()
            .beDeclaredInClassesThat()
            .haveSimpleNameEndingWith("Listener")
            .because("where events come in must be found by name")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule sql_lives_in_stores = noClasses()
            .that()
            .resideOutsideOfPackage("dk.elleve.kit..")
            .and(new DescribedPredicate<JavaClass>("do not belong to a …Store") {
                @Override
                public boolean test(JavaClass each) {
                    return Stream.iterate(
                                    each,
                                    c -> c != null,
                                    c -> c.getEnclosingClass().orElse(null))
                            .noneMatch(c -> c.getSimpleName().endsWith("Store"));
                }
            })
            .should()
            .dependOnClassesThat(resideInAPackage("org.springframework.jdbc.."))
            .because("one class per table family speaks SQL; name it …Store")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule beans_arrive_by_constructor = noFields()
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .because("a class must be buildable with new in a test")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule doors_are_not_public = classes()
            .that()
            .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .should()
            .bePackagePrivate()
            .because("a controller is reached by HTTP and by nothing else")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule every_door_has_a_guard = methods()
            .that()
            .areMetaAnnotatedWith("org.springframework.web.bind.annotation.RequestMapping")
            .should(new ArchCondition<JavaMethod>("say who may enter by @RolesAllowed, @PermitAll or @DenyAll") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    if (!guarded(method) && !guarded(method.getOwner())) {
                        events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " does not say who may enter"));
                    }
                }

                private boolean guarded(CanBeAnnotated each) {
                    return ACCESS_DECISIONS.stream().anyMatch(each::isAnnotatedWith);
                }
            })
            .because("an endpoint without a decision is open by accident")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule change_capture_stays_in_its_room =
            onlyIn("dk.elleve.audit.capture..", "io.debezium..", "org.apache.kafka.connect..");

    @ArchTest
    static final ArchRule blob_storage_stays_in_its_room = onlyIn("dk.elleve.kit.blob..", "com.azure.storage..");

    @ArchTest
    static final ArchRule the_key_vault_stays_in_its_room = onlyIn(
            "dk.elleve.backup.keyvault..", "com.azure.security..", "com.azure.identity..", "com.microsoft.aad..");

    @ArchTest
    static final ArchRule the_rest_of_the_cloud_stays_in_these_rooms = noClasses()
            .that()
            .resideOutsideOfPackages("dk.elleve.kit.blob..", "dk.elleve.backup.keyvault..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.azure.."))
            .because("a foreign library behind one seam can be changed in one place")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_realm_is_administered_in_one_room =
            onlyIn("dk.elleve.identity.keycloak..", "org.keycloak..");

    private static ArchRule onlyIn(String room, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat(resideInAnyPackage(libraries))
                .because("a foreign library behind one seam can be changed in one place; use what " + room + " offers")
                .allowEmptyShould(true);
    }
}
