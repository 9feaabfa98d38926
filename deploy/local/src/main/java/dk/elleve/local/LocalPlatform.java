package dk.elleve.local;

import dk.elleve.kit.test.part.House;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/// The platform that `./elleve up` started.
record LocalPlatform(Installation installation) implements Platform {

    @Override
    public House house() {
        return installation;
    }

    @Override
    public Path folder() {
        return installation.place().root().resolve("demo");
    }

    @Override
    public String mails() {
        return installation.mail().address();
    }

    @Override
    public void mustRun() {
        for (var part : installation.parts()) {
            if (!part.running()) {
                throw new Refusal("The part " + part.name() + " does not run; ./elleve up starts it.");
            }
        }
    }

    @Override
    public Grep.Result search(Grep grep, Store store) throws IOException {
        return grep.in(
                switch (store) {
                    case DATABASE -> installation.postgres().dataFolder();
                    case BUS -> installation.kafka().dataFolder();
                    case BLOBS -> installation.azurite().dataFolder();
                    case LOGS -> installation.place().root().resolve("logs");
                });
    }

    @Override
    public void killServices() {
        installation.services().forEach(ServicePart::kill);
    }

    @Override
    public void startServices() {
        new Up(installation, Screen.silent())
                .run(installation.services().stream().map(ServicePart::name).toList());
    }

    @Override
    public int restore(List<String> words, OutputStream output) {
        return new Restore(installation).run(words, output);
    }

    @Override
    public int verify(List<String> words, OutputStream output) {
        return new Verify(installation).run(words, output);
    }
}
