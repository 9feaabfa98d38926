package dk.elleve.audit.search;

import dk.elleve.audit.checkpoint.Publisher;
import dk.elleve.audit.log.LogTiles;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tlog.ExportFile;
import dk.elleve.tlog.Note;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.TileSource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// All entries that fit, oldest first, in one stream.
@RestController
@RolesAllowed({Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
class ExportController {

    private static final Logger log = LoggerFactory.getLogger(ExportController.class);

    private static final int BATCH = 500;

    /// The format that proves itself.
    private static final String PROVING = "jsonl";

    /// Tiles of 8 KiB at most.
    private static final int TILES_KEPT = 256;

    private final SearchStore store;
    private final EntryFilters filters;
    private final PayloadSeal seal;
    private final Publisher publisher;
    private final LogTiles tiles;
    private final Transactions transactions;
    private final JsonMapper json;

    ExportController(
            SearchStore store,
            EntryFilters filters,
            PayloadSeal seal,
            Publisher publisher,
            LogTiles tiles,
            Transactions transactions,
            JsonMapper json) {
        this.store = store;
        this.filters = filters;
        this.seal = seal;
        this.publisher = publisher;
        this.tiles = tiles;
        this.transactions = transactions;
        this.json = json;
    }

    /// Ends at the checkpoint shown when it began. A failure on the way breaks the connection off,
    /// so that half an export never looks whole; it goes on where it is asked to with `after`.
    ///
    /// @param format `jsonl`, verifiable by itself; `csv`, `ocsf`, `cef` or `syslog`
    /// @param search the id of a saved search; what else is given narrows it
    /// @param after the last index the caller has
    /// @param redacted leaves out what the entries say; they verify all the same
    @Operation(summary = "Entries of the audit log, oldest first, as a file")
    @ApiResponse(
            responseCode = "200",
            content = {@Content(mediaType = "application/x-ndjson"), @Content(mediaType = "text/csv")})
    @GetMapping("/audit/export")
    void export(
            @RequestParam(defaultValue = PROVING) String format,
            @ParameterObject EntryQuery query,
            @RequestParam @Nullable String search,
            @RequestParam(defaultValue = "-1") long after,
            @RequestParam(defaultValue = "false") boolean redacted,
            HttpServletResponse response)
            throws IOException {
        var caller = Caller.current();
        var lines = lines(format);
        var published = publisher
                .published()
                .orElseThrow(() -> CommonProblem.BUSY.with("The log has no checkpoint yet. It comes within seconds."));
        var filter = transactions.read(caller.scope(), () -> filters.of(caller, query, search));
        var batch = batch(caller, filter, after, published.size());
        var proofs = new TileReader(kept(tiles), published.size());

        response.setContentType(lines.map(ExportFormat::mediaType).orElse("application/x-ndjson"));
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"audit."
                        + lines.map(ExportFormat::extension).orElse(PROVING) + "\"");
        var out = response.getOutputStream();
        out.write(utf8(lines.map(ExportFormat::begin).orElseGet(() -> ExportFile.begin(Note.parse(published.note())))));
        while (!batch.isEmpty()) {
            try {
                for (var row : batch) {
                    var opened = opened(row, caller, redacted);
                    out.write(utf8(lines.map(chosen -> chosen.line(
                                    new ExportFormat.Line(
                                            row,
                                            opened.map(PayloadSeal.Opened::content)
                                                    .orElse(null)),
                                    json))
                            .orElseGet(() -> ExportFile.line(
                                    row.index(),
                                    row.leaf(),
                                    proofs.inclusion(row.index()),
                                    row.tenant() == null ? null : row.tenant().value(),
                                    opened.map(PayloadSeal.Opened::salt).orElse(null),
                                    opened.map(PayloadSeal.Opened::text).orElse(null)))));
                }
                out.flush();
                batch = batch(caller, filter, batch.getLast().index(), published.size());
            } catch (RuntimeException failed) {
                throw new IOException(
                        "The export broke off: " + failed.getClass().getSimpleName(), failed);
            }
        }
        if (lines.isEmpty()) {
            out.write(utf8(ExportFile.end()));
        }
    }

    /// No problem body can follow half a stream: thrown on, it makes the server close the connection.
    @ExceptionHandler
    void brokenOff(IOException broken) throws IOException {
        throw broken;
    }

    /// Empty for the format that proves itself.
    private static Optional<ExportFormat> lines(String format) {
        if (format.equals(PROVING)) {
            return Optional.empty();
        }
        return Optional.of(Stream.of(ExportFormat.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(format))
                .findFirst()
                .orElseThrow(() -> CommonProblem.INVALID_REQUEST.with("format is jsonl, csv, ocsf, cef or syslog.")));
    }

    private List<EntryRow> batch(Caller caller, EntryFilter filter, long after, long size) {
        return transactions.read(caller.scope(), () -> store.after(filter, after, size, BATCH));
    }

    private Optional<PayloadSeal.Opened> opened(EntryRow row, Caller caller, boolean redacted) {
        var payload = row.payload();
        if (redacted || payload == null) {
            return Optional.empty();
        }
        try {
            return seal.opened(row.eventId(), row.tenant(), row.underTenantKey(), row.time(), payload)
                    .filter(opened -> OperatorsTables.mayBeShown(opened.content(), caller.isStaff()));
        } catch (PayloadSeal.Tampered tampered) {
            log.error("The log holds a damaged entry at {}", row.index(), tampered);
            return Optional.empty();
        }
    }

    /// Neighbouring entries are proved by the same tiles.
    private static TileSource kept(TileSource source) {
        var kept = new LinkedHashMap<String, Optional<byte[]>>(TILES_KEPT, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Optional<byte[]>> eldest) {
                return size() > TILES_KEPT;
            }
        };
        return path -> {
            var tile = kept.get(path);
            if (tile == null) {
                tile = source.read(path);
                kept.put(path, tile);
            }
            return tile;
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
