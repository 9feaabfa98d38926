package dk.elleve.local;

import java.util.List;

/// The platform's main job told step by step on the running installation. A step that does not see what it should see
/// throws, and the demo ends there with a failure.
final class Demo {

    /// One step of the story.
    ///
    /// @param title what is shown, as one sentence
    /// @param action does it and prints what really came back
    record Step(String title, Action action) {}

    interface Action {
        void run() throws Exception;
    }

    private final Installation installation;
    private final Screen screen;

    Demo(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
    }

    int run(List<String> words) {
        var story = story(words);
        if (story.isEmpty()) {
            throw new Refusal("The demo has no steps yet.");
        }
        var number = 0;
        for (var step : story) {
            screen.line();
            screen.line(++number + ". " + step.title());
            try {
                step.action().run();
            } catch (Exception e) {
                screen.line("   FAILED: " + Up.sentence(e));
                return 1;
            }
        }
        screen.line();
        screen.line("All " + number + " steps did what they should. Dashboard: " + installation.address());
        return 0;
    }

    /// The steps in their order.
    private List<Step> story(List<String> words) {
        return List.of();
    }
}
