package dk.elleve.breach.notice;

import dk.elleve.breach.PlainText;
import dk.elleve.breach.Text;
import dk.elleve.breach.incident.Incident;
import dk.elleve.breach.incident.Incidents;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The notices of a case. A notice counts as sent only by its receipt.
@RestController
class NoticeController {

    record Accepted(int number) {}

    @Schema(name = "NewNotice")
    record Body(
            @NotNull Notice.@Nullable Audience audience,
            @Nullable @Valid Text text) {}

    /// @param reference what the receiver gave, such as the number of the report at virk.dk
    record Proof(
            @NotNull @Nullable Instant sentAt,
            @NotBlank @Size(max = 100) @PlainText String channel,
            @Nullable @Size(max = 200) @PlainText String reference,

            @Nullable @Pattern(regexp = "[0-9a-f]{64}", message = "is 64 hexadecimal digits") String sha256,

            @Nullable @Size(min = 1, max = 4000) @PlainText String reasonForDelay) {}

    /// @param state `draft` or `sent`
    /// @param missing what GDPR Art. 33(3) asks for and the facts do not tell; absent once it is sent
    record NoticeView(
            String id,
            int number,
            String audience,
            String state,
            Text text,
            Instant createdAt,
            @Nullable Instant sentAt,
            Notice.@Nullable Receipt receipt,
            @Nullable List<String> missing) {

        static NoticeView of(Incident incident, Notice notice) {
            var receipt = notice.receipt();
            return new NoticeView(
                    Integer.toString(notice.number()),
                    notice.number(),
                    notice.audience().word(),
                    receipt == null ? "draft" : "sent",
                    notice.text(),
                    notice.createdAt(),
                    receipt == null ? null : receipt.sentAt(),
                    receipt,
                    receipt == null ? Draft.missing(incident.facts()) : null);
        }
    }

    private final Notices notices;
    private final Incidents incidents;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final Clock clock;

    NoticeController(
            Notices notices,
            Incidents incidents,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors,
            Clock clock) {
        this.notices = notices;
        this.incidents = incidents;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.clock = clock;
    }

    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "The notices of a case")
    @GetMapping("/breaches/{id}/notices")
    Page<NoticeView> list(
            @PathVariable String id, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var size = Page.limit(limit);
        var list = "breaches/" + id + "/notices";
        int after = cursor == null
                ? 0
                : Integer.parseInt(cursors.decode(list, cursor).getFirst());
        return transactions.read(Caller.current().scope(), () -> {
            var incident = incidents.require(id);
            return Page.of(
                            notices.page(id, after, size),
                            size,
                            last -> cursors.encode(list, List.of(Integer.toString(last.number()))))
                    .map(notice -> NoticeView.of(incident, notice));
        });
    }

    @RolesAllowed(Role.DPO)
    @Operation(summary = "Draft a notice")
    @ApiResponse(responseCode = "201")
    @PostMapping("/breaches/{id}/notices")
    ResponseEntity<NoticeView> draft(@PathVariable String id, @Valid @RequestBody Body body) {
        var caller = Caller.current();
        var audience = body.audience();
        if (audience == null) {
            throw new IllegalStateException("A body that was checked has an audience");
        }
        var view = transactions.write(caller.scope(), caller.actor(), () -> {
            var accepted = idempotency.once(
                    Accepted.class,
                    () -> new Accepted(notices.draft(incidents.lock(id), audience, body.text(), caller.actor())
                            .number()));
            return NoticeView.of(incidents.require(id), notices.require(id, accepted.number()));
        });
        return ResponseEntity.created(URI.create("/breaches/" + id + "/notices/" + view.number()))
                .body(view);
    }

    @RolesAllowed(Role.DPO)
    @Operation(summary = "Record that a notice was received")
    @PostMapping("/breaches/{id}/notices/{number}/receipt")
    ResponseEntity<NoticeView> receive(
            @PathVariable String id, @PathVariable int number, @Valid @RequestBody Proof proof) {
        var caller = Caller.current();
        var now = clock.instant();
        var sentAt = proof.sentAt();
        if (sentAt == null || sentAt.isAfter(now)) {
            throw wrong("/sentAt", "is not in the future");
        }
        if (proof.reference() == null && proof.sha256() == null) {
            throw wrong("/reference", "or sha256 is needed: without either nothing proves that it was sent");
        }
        var receipt = new Notice.Receipt(
                sentAt,
                proof.channel(),
                proof.reference(),
                proof.sha256(),
                proof.reasonForDelay(),
                caller.subject(),
                now);
        var view = transactions.write(caller.scope(), caller.actor(), () -> {
            idempotency.once(Accepted.class, () -> {
                notices.receive(incidents.lock(id), number, receipt, caller.actor());
                return new Accepted(number);
            });
            return NoticeView.of(incidents.require(id), notices.require(id, number));
        });
        return ResponseEntity.ok(view);
    }

    private static Problem wrong(String pointer, String rule) {
        return new Problem(
                CommonProblem.INVALID_REQUEST, "Some fields are not valid.", List.of(new Problem.At(pointer, rule)));
    }
}
