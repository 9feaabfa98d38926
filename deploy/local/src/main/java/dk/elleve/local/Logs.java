package dk.elleve.local;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// Shows the ends of logs by `tail`.
final class Logs {

    private final Installation installation;

    Logs(Installation installation) {
        this.installation = installation;
    }

    int run(List<String> words) {
        var follow = false;
        var count = "40";
        var names = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-f", "--follow" -> follow = true;
                case "-n" -> {
                    if (i + 1 == words.size() || !words.get(i + 1).matches("[0-9]+")) {
                        throw new Refusal("-n wants a number of lines.");
                    }
                    count = words.get(++i);
                }
                default -> names.add(installation.part(words.get(i)).name());
            }
        }
        if (names.isEmpty()) {
            installation.parts().forEach(part -> names.add(part.name()));
        }
        var command = new ArrayList<>(List.of("tail", "-n", count));
        if (follow) {
            command.add("-F");
        }
        names.stream()
                .map(name -> installation.place().log(name))
                .filter(Files::exists)
                .forEach(log -> command.add(log.toString()));
        if (command.getLast().equals(count) || command.getLast().equals("-F")) {
            throw new Refusal("There is no log yet; ./elleve up starts the platform.");
        }
        return Programs.run(command, installation.place().root());
    }
}
