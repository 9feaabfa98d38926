package dk.elleve.tenantdata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreconditionTest {

    @Test
    void a_change_says_which_version_it_means() {
        assertThat(kind(null, null)).isEqualTo(CommonProblem.PRECONDITION_REQUIRED);
        assertThat(kind("\"6\"", null)).isEqualTo(CommonProblem.PRECONDITION_FAILED);
        assertThat(kind("7", null)).as("a tag has quotation marks").isEqualTo(CommonProblem.PRECONDITION_FAILED);
        assertThat(kind("W/\"7\"", null)).as("If-Match compares strongly").isEqualTo(CommonProblem.PRECONDITION_FAILED);
        assertThat(kind("\"7\"", "*")).as("it exists").isEqualTo(CommonProblem.PRECONDITION_FAILED);
        for (var match : new String[] {"\"7\"", "*", "\"6\", \"7\"", " \"7\" "}) {
            assertThatCode(() -> new Precondition(match, null).changes(7))
                    .as(match)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void a_creation_expects_nothing_to_be_there() {
        assertThatCode(() -> new Precondition(null, null).creates()).doesNotThrowAnyException();
        assertThatCode(() -> new Precondition(null, "*").creates()).doesNotThrowAnyException();
        assertThat(catchThrowableOfType(Problem.class, () -> new Precondition("*", null).creates())
                        .kind())
                .isEqualTo(CommonProblem.PRECONDITION_FAILED);
    }

    private static Object kind(@Nullable String match, @Nullable String noneMatch) {
        return catchThrowableOfType(Problem.class, () -> new Precondition(match, noneMatch).changes(7))
                .kind();
    }
}
