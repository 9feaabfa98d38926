package dk.elleve.kit.measure;

/// Asks for facts of its room that lie in a database or a folder. A bean of this type is called every fifteen seconds,
/// and not by each scrape: so a scrape answers at once, also while the database is away.
public interface Sampler {

    /// The word it is known by in `elleve_sampling_age_seconds`.
    String name();

    /// Puts every value there is. What it put the last time and does not put now, and everything when it throws, reads
    /// NaN: an old number is never taken for a fresh one.
    void sample(Sample sample);
}
