package dk.elleve.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The people the demo is about: a small Danish company's, made up from a seed, or those of real files.
///
/// @param collections in the order they are imported; the first is the one the story follows
record DemoData(List<Collection> collections) {

    /// One list of people.
    ///
    /// @param name a word for URLs
    /// @param identifies the field that identifies the person
    /// @param personal all personal fields, `identifies` among them
    /// @param rows fields of each person
    record Collection(String name, String identifies, Set<String> personal, List<ObjectNode> rows) {

        /// The JSON Schema that tells tenant-data-service which fields are personal.
        ObjectNode schema() {
            var schema = Api.JSON.createObjectNode();
            schema.put("type", "object");
            var properties = schema.putObject("properties");
            for (var field : fields()) {
                var property = properties.putObject(field);
                property.set("type", type(field));
                if (personal.contains(field)) {
                    property.put("x-personal", true);
                }
                if (field.equals(identifies)) {
                    property.put("x-subject", true);
                    property.put("x-searchable", true);
                }
            }
            schema.putArray("required").add(identifies);
            schema.put("additionalProperties", false);
            return schema;
        }

        private Set<String> fields() {
            var fields = new LinkedHashSet<String>();
            rows.forEach(row -> row.propertyNames().forEach(fields::add));
            return fields;
        }

        private JsonNode type(String field) {
            var types = new LinkedHashSet<String>();
            for (var row : rows) {
                var value = row.get(field);
                if (value == null || value.isNull()) {
                    types.add("null");
                } else if (value.isIntegralNumber()) {
                    types.add("integer");
                } else if (value.isNumber()) {
                    types.add("number");
                } else if (value.isBoolean()) {
                    types.add("boolean");
                } else {
                    types.add("string");
                }
            }
            var array = Api.JSON.createArrayNode();
            types.forEach(array::add);
            return array.size() == 1 ? array.get(0) : array;
        }

        /// Values that must stand nowhere in clear: long enough that nothing else is spelled like them.
        Set<String> secrets() {
            var secrets = new LinkedHashSet<String>();
            for (var row : rows) {
                for (var field : personal) {
                    var value = row.path(field).asString("");
                    if (value.length() >= 9) {
                        secrets.add(value);
                    }
                }
            }
            return secrets;
        }

        String ndjson() {
            var text = new StringBuilder();
            rows.forEach(row -> text.append(Api.JSON.writeValueAsString(row)).append('\n'));
            return text.toString();
        }
    }

    private static final Pattern PERSONAL =
            Pattern.compile(".*(name|mail|phone|fax|address|street|city|state|postal|birth|cpr|title|company).*");

    /// Customers, job applicants and newsletter readers who do not exist, the same ones for the same seed.
    static DemoData danish(long seed) {
        var random = new Random(seed);
        var people = new People(random);
        var customers = new ArrayList<ObjectNode>();
        var applicants = new ArrayList<ObjectNode>();
        var newsletter = new ArrayList<ObjectNode>();
        for (int i = 0; i < 60; i++) {
            var row = people.person();
            row.put("company", i % 3 == 0 ? people.company() : "");
            row.put("level", 1 + random.nextInt(5));
            customers.add(row);
        }
        for (int i = 0; i < 25; i++) {
            var row = people.person();
            row.put(
                    "position",
                    List.of("Sælger", "Lagermedarbejder", "Udvikler").get(random.nextInt(3)));
            row.put("year", 2024 + random.nextInt(3));
            applicants.add(row);
        }
        for (int i = 0; i < 40; i++) {
            var row = people.person();
            row.retain("email", "name");
            row.put("language", random.nextInt(4) == 0 ? "en" : "da");
            newsletter.add(row);
        }
        var personal = Set.of("name", "email", "phone", "address", "city", "company");
        return new DemoData(List.of(
                new Collection("people", "email", personal, customers),
                new Collection("applicants", "email", personal, applicants),
                new Collection("newsletter", "email", personal, newsletter)));
    }

    /// Every `*.ndjson` of a folder whose rows have a field with an e-mail address.
    ///
    /// @throws Refusal if there is none
    static DemoData from(Path folder) {
        var collections = new ArrayList<Collection>();
        try (var files = Files.list(folder)) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".ndjson")).sorted().toList()) {
                var rows = new ArrayList<ObjectNode>();
                for (var line : Files.readAllLines(file)) {
                    if (!line.isBlank() && Api.JSON.readTree(line) instanceof ObjectNode row) {
                        rows.add(row);
                    }
                }
                var fields = new LinkedHashMap<String, Integer>();
                rows.forEach(row -> row.properties()
                        .forEach(field -> fields.merge(
                                field.getKey(), field.getValue().asString("").contains("@") ? 1 : 0, Integer::sum)));
                var email = fields.entrySet().stream()
                        .filter(field -> !rows.isEmpty() && field.getValue() == rows.size())
                        .map(Map.Entry::getKey)
                        .findFirst();
                if (email.isPresent()) {
                    var personal = new LinkedHashSet<String>();
                    fields.keySet().stream()
                            .filter(field -> PERSONAL.matcher(field.toLowerCase(Locale.ROOT))
                                    .matches())
                            .forEach(personal::add);
                    personal.add(email.get());
                    var name =
                            file.getFileName().toString().replace(".ndjson", "").toLowerCase(Locale.ROOT);
                    collections.add(new Collection(name, email.get(), personal, rows));
                }
            }
        } catch (IOException e) {
            throw new Refusal("The folder " + folder + " cannot be read: " + e.getMessage() + ".");
        }
        if (collections.isEmpty()) {
            throw new Refusal("The folder " + folder + " holds no *.ndjson whose rows all have an e-mail address.");
        }
        return new DemoData(collections);
    }

    /// Makes people up from common Danish names and streets.
    private static final class People {

        private static final List<String> FIRST = List.of(
                "Anne",
                "Bodil",
                "Camilla",
                "Ditte",
                "Else",
                "Frederikke",
                "Gitte",
                "Hanne",
                "Ida",
                "Jytte",
                "Kirsten",
                "Lærke",
                "Mette",
                "Nanna",
                "Oline",
                "Pernille",
                "Rikke",
                "Sørine",
                "Tove",
                "Ulla",
                "Anders",
                "Bjørn",
                "Carsten",
                "Daniel",
                "Esben",
                "Flemming",
                "Gustav",
                "Henrik",
                "Ib",
                "Jørgen",
                "Kjeld",
                "Lars",
                "Mads",
                "Niels",
                "Oluf",
                "Preben");
        private static final List<String> LAST = List.of(
                "Abildgaard",
                "Bach",
                "Christoffersen",
                "Dahl",
                "Egebjerg",
                "Fuglsang",
                "Gammelgaard",
                "Højlund",
                "Iversen",
                "Juhl",
                "Kjærgaard",
                "Lundgreen",
                "Møllegaard",
                "Nørskov",
                "Østergaard",
                "Petersen",
                "Ravn",
                "Sølvsten",
                "Thygesen",
                "Vestergaard",
                "Winther",
                "Ågesen");
        private static final List<String> STREET = List.of(
                "Algade",
                "Bispevænget",
                "Degnemosen",
                "Enghavevej",
                "Fasanvænget",
                "Gåsetorvet",
                "Havnegade",
                "Kirkestræde",
                "Lærkevej",
                "Møllebakken",
                "Nørregade",
                "Østerbrogade",
                "Rosenørns Allé",
                "Søndergade",
                "Vestergade");
        private static final List<String> CITY = List.of(
                "8000 Aarhus C",
                "5000 Odense C",
                "9000 Aalborg",
                "6700 Esbjerg",
                "4000 Roskilde",
                "7100 Vejle",
                "8900 Randers C",
                "3700 Rønne",
                "6400 Sønderborg",
                "4800 Nykøbing F");
        private static final List<String> TRADE =
                List.of("Tømrer", "Revision", "Bageri", "Fiskeri", "Planteskole", "Smedje");

        private final Random random;
        private int number;

        People(Random random) {
            this.random = random;
        }

        ObjectNode person() {
            var first = one(FIRST);
            var last = one(LAST);
            var row = Api.JSON.createObjectNode();
            row.put("name", first + " " + last);
            row.put("email", ascii(first) + "." + ascii(last) + ++number + "@eksempel.dk");
            row.put(
                    "phone",
                    "+45 %02d %02d %02d %02d"
                            .formatted(
                                    20 + random.nextInt(79),
                                    random.nextInt(100),
                                    random.nextInt(100),
                                    random.nextInt(100)));
            row.put(
                    "address",
                    one(STREET) + " " + (1 + random.nextInt(180)) + ", " + (1 + random.nextInt(4)) + ". tv.");
            row.put("city", one(CITY));
            return row;
        }

        String company() {
            return one(LAST) + " " + one(TRADE) + " ApS";
        }

        private String one(List<String> of) {
            return of.get(random.nextInt(of.size()));
        }

        private static String ascii(String text) {
            return text.toLowerCase(Locale.ROOT)
                    .replace("æ", "ae")
                    .replace("ø", "oe")
                    .replace("å", "aa");
        }
    }
}
