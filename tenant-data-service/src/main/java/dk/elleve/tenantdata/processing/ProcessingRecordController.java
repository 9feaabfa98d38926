package dk.elleve.tenantdata.processing;

import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.tenantdata.area.Area;
import dk.elleve.tenantdata.area.Areas;
import dk.elleve.tenantdata.collection.Collections;
import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Field;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ProcessingRecordController {

    /// GDPR Art. 30(1)(b) to (g), as far as the platform knows it; who the controller is, its contacts say.
    ///
    /// @param security the technical measures of Art. 32(1) that hold for every area
    record ProcessingRecord(String tenant, Instant generatedAt, List<Activity> items, List<String> security) {}

    record Activity(
            String area,
            String purpose,
            String legalBasis,
            List<String> dataSubjects,
            List<String> dataCategories,
            List<String> recipients,
            String retention,
            Instant updatedAt,
            List<Holding> collections) {}

    /// @param subjectField the field that tells which person a record is about
    record Holding(
            String id,
            List<String> personalFields,
            @Nullable String subjectField,
            @Nullable String retentionFrom) {}

    private static final List<String> SECURITY = List.of(
            "Personal fields are encrypted with a key of the tenant before they reach the database (AES-256-GCM)",
            "Every look at personal fields is recorded with actor, purpose, records and fields",
            "Rows of one tenant are kept from all others by the database itself (row-level security)",
            "Every change is attributed and kept in a log that can be verified");

    private final Areas areas;
    private final Collections collections;
    private final Clock clock;

    ProcessingRecordController(Areas areas, Collections collections, Clock clock) {
        this.areas = areas;
        this.collections = collections;
        this.clock = clock;
    }

    @Operation(summary = "The record of processing activities (GDPR Art. 30)")
    @GetMapping("/processing-record")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_DPO})
    ProcessingRecord get() {
        var tenant = Caller.current().tenant();
        var activities = all(cursor -> areas.list(tenant, Page.MAX_LIMIT, cursor)).stream()
                .map(area -> activity(area, all(cursor -> collections.list(tenant, area.id(), Page.MAX_LIMIT, cursor))))
                .toList();
        return new ProcessingRecord(tenant.value(), clock.instant(), activities, SECURITY);
    }

    private static Activity activity(Area area, List<Definition> definitions) {
        return new Activity(
                area.id(),
                area.purpose(),
                area.legalBasis(),
                area.dataSubjects(),
                area.dataCategories(),
                area.recipients(),
                area.retention(),
                area.updatedAt(),
                definitions.stream().map(ProcessingRecordController::holding).toList());
    }

    private static Holding holding(Definition definition) {
        var subject = definition.layout().fields().stream()
                .filter(Field::subject)
                .map(Field::name)
                .findFirst();
        return new Holding(
                definition.place().collection(),
                definition.layout().personal(),
                subject.orElse(null),
                definition.retentionFrom());
    }

    private static <T> List<T> all(Function<@Nullable String, Page<T>> pages) {
        var found = new ArrayList<T>();
        @Nullable String cursor = null;
        do {
            var page = pages.apply(cursor);
            found.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return found;
    }
}
