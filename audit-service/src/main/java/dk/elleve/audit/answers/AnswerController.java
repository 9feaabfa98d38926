package dk.elleve.audit.answers;

import com.fasterxml.jackson.annotation.JsonInclude;
import dk.elleve.kit.problem.CommonProblem;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AnswerController {

    record AnswerList(List<Answers.AnswerView> items) {}

    /// @param provenShare of the last 365 days, 0 to 1; absent while nothing is on record
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record History(List<AnswerStore.Span> items, @Nullable Double provenShare) {}

    private static final Duration LOOKS_BACK = Duration.ofDays(365);

    private final Answers answers;
    private final Clock clock;

    AnswerController(Answers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    @PermitAll
    @Operation(summary = "The eleven answers with their claims and states")
    @GetMapping("/answers")
    AnswerList all() {
        return new AnswerList(answers.all());
    }

    @PermitAll
    @Operation(summary = "One answer")
    @GetMapping("/answers/{number}")
    Answers.AnswerView one(@PathVariable int number) {
        return answers.all().get(known(number) - 1);
    }

    @PermitAll
    @Operation(summary = "When an answer was proven, stale or broken")
    @GetMapping("/answers/{number}/history")
    History history(@PathVariable int number) {
        var from = clock.instant().minus(LOOKS_BACK);
        var spans = answers.history(known(number), from);
        var share = answers.provenShare(spans, from);
        return new History(spans, share < 0 ? null : share);
    }

    private static int known(int number) {
        if (number < 1 || number > Catalogue.size()) {
            throw CommonProblem.NOT_FOUND.with("The questions are numbered 1 to 11.");
        }
        return number;
    }
}
