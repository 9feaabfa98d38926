package dk.elleve.breach.incident;

/// Rings at once when a case opens or grows. Called inside the transaction of the change: who must be told is
/// stored with it, so that a case without its mail cannot be.
public interface Bell {

    void opened(Incident incident);

    void grown(Incident incident);
}
