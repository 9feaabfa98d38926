package dk.elleve.kit.inbox;

/// Events that come twice are handled once: the mark that an event was seen commits with what it caused, or not at all.
public interface Inbox {

    /// Runs `work` unless this listener has seen the event before. Call inside the transaction that `work` changes
    /// things in.
    ///
    /// @param listener a stable name of who listens, such as `breach/findings`
    /// @return whether `work` ran
    boolean once(String listener, String eventId, Runnable work);
}
