package dk.elleve.tenantdata.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.collection.Definitions;
import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.filter.FilterProblem;
import org.junit.jupiter.api.Test;

class SortTest {

    private static final Layout LAYOUT = Definitions.of("""
            {"email": {"type": "string", "x-personal": true, "x-searchable": true}, "level": {"type": "integer"},
             "tags": {"type": "array"}}""").layout();

    @Test
    void a_list_is_in_order_of_making_unless_a_field_is_named() {
        assertThat(Sort.of(null, LAYOUT)).isEqualTo(new Sort("createdAt", Field.Kind.TIME, false));
        assertThat(Sort.of(" ", LAYOUT)).isEqualTo(new Sort("createdAt", Field.Kind.TIME, false));
        assertThat(Sort.of("-updatedAt", LAYOUT)).isEqualTo(new Sort("updatedAt", Field.Kind.TIME, true));
        assertThat(Sort.of("-level", LAYOUT)).isEqualTo(new Sort("level", Field.Kind.NUMBER, true));
        assertThat(Sort.of("-level", LAYOUT)).hasToString("-level");
    }

    @Test
    void what_has_no_order_or_no_name_is_refused() {
        assertThat(refused("email")).isEqualTo(FilterProblem.PERSONAL_FIELD_NOT_SORTABLE);
        assertThat(refused("tags")).isEqualTo(FilterProblem.INVALID_FILTER);
        for (var unknown : new String[] {"nothing", "--level", "level desc", "level,email", "-", "r.id"}) {
            assertThat(refused(unknown)).as(unknown).isEqualTo(FilterProblem.UNKNOWN_FIELD);
        }
    }

    @Test
    void a_selection_names_known_fields_only() {
        assertThat(Selection.of(null, LAYOUT).wants("email")).isTrue();
        assertThat(Selection.of(" level , createdAt", LAYOUT).wants("level")).isTrue();
        assertThat(Selection.of("level", LAYOUT).wants("email")).isFalse();
        assertThat(catchThrowableOfType(Problem.class, () -> Selection.of("level,", LAYOUT))
                        .kind())
                .isEqualTo(FilterProblem.UNKNOWN_FIELD);
    }

    private static Object refused(String sort) {
        return catchThrowableOfType(Problem.class, () -> Sort.of(sort, LAYOUT)).kind();
    }
}
