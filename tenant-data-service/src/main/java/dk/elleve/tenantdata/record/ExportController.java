package dk.elleve.tenantdata.record;

import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.tenantdata.collection.Place;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ExportController {

    private static final int BATCH = 500;

    private final Records records;
    private final RecordCounters counters;

    ExportController(Records records, RecordCounters counters) {
        this.records = records;
        this.counters = counters;
    }

    /// Batch by batch, each on record before it leaves. A failure on the way breaks the connection off, so that half an
    /// export never looks whole.
    @Operation(summary = "Records as NDJSON, one a line")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "application/x-ndjson"))
    @GetMapping("/areas/{area}/collections/{collection}/records:export")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    void export(
            @PathVariable String area,
            @PathVariable String collection,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable String select,
            HttpServletResponse response)
            throws IOException {
        var caller = Caller.current();
        var place = new Place(caller.tenant(), area, collection);
        var query = new Records.Query(filter, null, select, null, null);
        var batch = records.batch(place, caller.actor(), query, null, BATCH);
        response.setContentType("application/x-ndjson");
        response.setHeader("Content-Disposition", "attachment; filename=\"records.ndjson\"");
        var out = response.getOutputStream();
        while (true) {
            for (var record : batch.records()) {
                out.write(record.toString().getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
            counters.handled(RecordCounters.Handling.EXPORTED, batch.records().size());
            if (batch.last() == null) {
                return;
            }
            out.flush();
            try {
                batch = records.batch(place, caller.actor(), query, batch.last(), BATCH);
            } catch (RuntimeException failed) {
                throw new IOException(
                        "The export broke off: " + failed.getClass().getSimpleName(), failed);
            }
        }
    }

    /// No problem body can follow half a stream: thrown on, it makes the server close the connection.
    @ExceptionHandler
    void brokenOff(IOException broken) throws IOException {
        throw broken;
    }
}
