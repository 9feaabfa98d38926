package dk.elleve.tenantdata.collection;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fields of a collection, in the order of its schema.
public final class Layout {

    private final Map<String, Field> byName = new LinkedHashMap<>();

    Layout(List<Field> fields) {
        fields.forEach(field -> byName.put(field.name(), field));
    }

    public List<Field> fields() {
        return List.copyOf(byName.values());
    }

    public Optional<Field> field(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// The names of the personal fields, in order.
    public List<String> personal() {
        return byName.values().stream().filter(Field::personal).map(Field::name).toList();
    }

    /// The fields of this layout that another one drops or gives another meaning.
    List<String> lostIn(Layout next) {
        return byName.values().stream()
                .filter(field ->
                        next.field(field.name()).filter(field::sameMarks).isEmpty())
                .map(Field::name)
                .toList();
    }
}
