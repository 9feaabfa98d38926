package dk.elleve.audit.proof;

import dk.elleve.audit.checkpoint.LogKey;
import dk.elleve.audit.checkpoint.Publisher;
import dk.elleve.audit.log.LogDamaged;
import dk.elleve.audit.log.LogTiles;
import dk.elleve.audit.log.Sequencer;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.tlog.Note;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.TlogException;
import dk.elleve.tlog.TlogProof;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ProofController {

    private final Sequencer sequencer;
    private final LogTiles tiles;
    private final Publisher publisher;
    private final LogKey key;

    ProofController(Sequencer sequencer, LogTiles tiles, Publisher publisher, LogKey key) {
        this.sequencer = sequencer;
        this.tiles = tiles;
        this.publisher = publisher;
        this.key = key;
    }

    @RolesAllowed({Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "The proof that an entry is in the log (C2SP tlog-proof)")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = "text/plain"))
    @GetMapping("/audit/entries/{index}/proof")
    ResponseEntity<byte[]> proof(@PathVariable long index) {
        var leaf = sequencer
                .leaf(Caller.current().scope(), index)
                .orElseThrow(() -> ProofProblem.NO_ENTRY.with("Take the index from the list of entries."));
        var published =
                publisher.published().filter(shown -> shown.size() > index).orElseThrow(ProofController::early);
        var path = new TileReader(tiles, published.size()).inclusion(index);
        var proof = TlogProof.of(leaf, index, path, Note.parse(published.note()));
        try {
            proof.verify(leaf, List.of(key.verifier()));
        } catch (TlogException wrong) {
            throw new LogDamaged("The stored log does not prove its own entry " + index, wrong);
        }
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + index + ".tlog-proof\"")
                .body(proof.format().getBytes(StandardCharsets.UTF_8));
    }

    private static Problem early() {
        return new Problem(
                ProofProblem.PROOF_NOT_READY,
                "A checkpoint follows within seconds. Ask again.",
                List.of(),
                Map.of(HttpHeaders.RETRY_AFTER, "2"));
    }
}
