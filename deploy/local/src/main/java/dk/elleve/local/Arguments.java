package dk.elleve.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What stands after `./elleve`: a command, options that every command knows, and the rest.
///
/// @param command the first word, `help` where there is none
/// @param options `--name value` and `--name=value`, for names the launcher knows
/// @param rest everything else in its order, for the command itself
record Arguments(String command, Map<String, String> options, List<String> rest) {

    /// Options with a value that any command accepts.
    static final Set<String> COMMON = Set.of("--dir", "--port-base", "--project");

    Arguments {
        options = Map.copyOf(options);
        rest = List.copyOf(rest);
    }

    static Arguments parse(String... words) {
        var options = new LinkedHashMap<String, String>();
        var rest = new ArrayList<String>();
        var command = words.length == 0 || words[0].equals("--help") || words[0].equals("-h") ? "help" : words[0];
        for (int i = 1; i < words.length; i++) {
            var equals = words[i].indexOf('=');
            var name = equals < 0 ? words[i] : words[i].substring(0, equals);
            if (!COMMON.contains(name) && !PortPlan.isOption(name)) {
                rest.add(words[i]);
            } else if (equals >= 0) {
                options.put(name, words[i].substring(equals + 1));
            } else if (i + 1 < words.length) {
                options.put(name, words[++i]);
            } else {
                throw new Refusal("The option " + name + " wants a value; ./elleve " + command + " --help shows how.");
            }
        }
        return new Arguments(command, options, rest);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    boolean asksForHelp() {
        return rest.contains("--help") || rest.contains("-h");
    }

    boolean has(String flag) {
        return rest.contains(flag);
    }

    /// For commands without words of their own.
    void refuseRest() {
        for (var word : rest) {
            throw new Refusal("./elleve " + command + " does not know " + word + "; --help shows what it knows.");
        }
    }
}
