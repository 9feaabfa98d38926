package dk.elleve.local;

import dk.elleve.kit.test.part.House;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/// A running platform, and what the demo does to it besides calling its API.
interface Platform {

    /// What holds data. Nobody may find a personal value in any of them.
    enum Store {
        DATABASE,
        BUS,
        BLOBS,
        LOGS
    }

    /// Addresses and secrets, as they are from here.
    House house();

    /// Where the demo keeps its files.
    Path folder();

    /// The page that lists what the mail sink took.
    String mails();

    /// @throws Refusal if a part does not run; says which, and how to start it
    void mustRun();

    Grep.Result search(Grep grep, Store store) throws IOException;

    /// All six at once, as a crash would.
    void killServices();

    /// Comes back when all six answer.
    void startServices();

    /// The restore program with this platform's vault and key.
    int restore(List<String> words, OutputStream output);

    /// The offline verifier with this platform's log key.
    int verify(List<String> words, OutputStream output);
}
