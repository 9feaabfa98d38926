package dk.elleve.audit.checkpoint;

import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.PermitAll;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The time stamps of anchors, and the anchors they are of, for everybody: whoever has both needs nothing of ours.
@RestController
class StampController {

    /// @param size of the tree whose anchor is stamped
    record StampView(long size) {}

    /// When all were listed, and what there was.
    private record Listed(Instant at, List<Long> sizes) {}

    private static final String LIST = "stamps";

    /// There is a new one every ten minutes, and anybody may ask.
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final CacheControl FOR_GOOD =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final Publisher publisher;
    private final Anchors anchors;
    private final Cursors cursors;
    private final Clock clock;

    private Listed listed = new Listed(Instant.MIN, List.of());

    StampController(Publisher publisher, Anchors anchors, Cursors cursors, Clock clock) {
        this.publisher = publisher;
        this.anchors = anchors;
        this.cursors = cursors;
        this.clock = clock;
    }

    @PermitAll
    @Operation(summary = "The sizes of the log of which there are time stamps (RFC 3161), newest first")
    @GetMapping("/log/stamps")
    Page<StampView> stamps(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        int size = Page.limit(limit);
        long before = cursor == null
                ? Long.MAX_VALUE
                : Long.parseLong(cursors.decode(LIST, cursor).getFirst());
        var rows = sizes().reversed().stream()
                .filter(each -> each < before)
                .limit(size + 1L)
                .map(StampView::new)
                .toList();
        return Page.of(rows, size, last -> cursors.encode(LIST, List.of(Long.toString(last.size()))));
    }

    @PermitAll
    @Operation(summary = "The time stamp (RFC 3161) of the anchor of this size")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "application/timestamp-reply"))
    @GetMapping("/log/stamps/{size}")
    ResponseEntity<byte[]> stamp(@PathVariable long size) {
        return anchors.stamp(shown(size))
                .map(stamp -> ResponseEntity.ok()
                        .contentType(new MediaType("application", "timestamp-reply"))
                        .cacheControl(FOR_GOOD)
                        .body(stamp))
                .orElseThrow(() -> CheckpointProblem.NO_STAMP.with("GET /log/stamps lists the sizes that have one."));
    }

    @PermitAll
    @Operation(
            summary = "The anchor of this size: the signed tree head whose bytes are stamped",
            description = "What the checkpoint was when the log had this size, without cosignatures.")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/plain"))
    @GetMapping("/log/anchors/{size}")
    ResponseEntity<byte[]> anchor(@PathVariable long size) {
        return anchors.note(shown(size))
                .map(note -> ResponseEntity.ok()
                        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                        .cacheControl(FOR_GOOD)
                        .body(note))
                .orElseThrow(StampController::noAnchor);
    }

    /// What is anchored and not shown yet is nobody's business.
    private long shown(long size) {
        if (size < 0
                || size > publisher.published().map(Publisher.Published::size).orElse(0L)) {
            throw noAnchor();
        }
        return size;
    }

    private static RuntimeException noAnchor() {
        return CheckpointProblem.NO_ANCHOR.with("Not every size of the log is anchored, only those that were shown.");
    }

    private synchronized List<Long> sizes() {
        var now = clock.instant();
        if (listed.at().isBefore(now.minus(FRESH))) {
            listed = new Listed(now, anchors.stamped());
        }
        return listed.sizes();
    }
}
