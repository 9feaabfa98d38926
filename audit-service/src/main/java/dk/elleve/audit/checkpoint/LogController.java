package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.LogTiles;
import dk.elleve.tlog.MalformedException;
import dk.elleve.tlog.Tile;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The log as c2sp.org/tlog-tiles serves it, for everybody.
@RestController
class LogController {

    private final Publisher publisher;
    private final LogTiles tiles;

    LogController(Publisher publisher, LogTiles tiles) {
        this.publisher = publisher;
        this.tiles = tiles;
    }

    @PermitAll
    @Operation(summary = "The newest signed tree head (C2SP checkpoint)")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/plain"))
    @GetMapping("/log/checkpoint")
    ResponseEntity<byte[]> checkpoint() {
        var published = publisher
                .published()
                .orElseThrow(() -> CheckpointProblem.NO_CHECKPOINT.with("The first entry is signed within seconds."));
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .cacheControl(CacheControl.noCache())
                .body(published.note().getBytes(StandardCharsets.UTF_8));
    }

    @PermitAll
    @Operation(summary = "A tile of the log (C2SP tlog-tiles)")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "application/octet-stream"))
    @GetMapping("/log/tile/**")
    ResponseEntity<byte[]> tile(HttpServletRequest request) {
        var path = request.getRequestURI().substring(request.getRequestURI().indexOf("/log/tile/") + "/log/".length());
        long size = publisher.published().map(Publisher.Published::size).orElse(0L);
        try {
            var tile = Tile.parse(path);
            // What is not under a checkpoint yet may still be decided otherwise, and is nobody's business.
            if (tile.index() * Tile.FULL + tile.width() <= Tile.count(tile.level(), size)) {
                return tiles.read(path)
                        .map(bytes -> ResponseEntity.ok()
                                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                                .cacheControl(CacheControl.maxAge(Duration.ofDays(365))
                                        .cachePublic()
                                        .immutable())
                                .body(bytes))
                        .orElseThrow(this::none);
            }
        } catch (MalformedException misspelt) {
            // Told below like every other path without a tile.
        }
        throw none();
    }

    private RuntimeException none() {
        return CheckpointProblem.NO_TILE.with(
                "Ask for the tiles of the size that the checkpoint names; where a partial tile is gone, ask for the full one.");
    }
}
