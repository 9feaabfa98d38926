package dk.elleve.breach;

/// The same in Danish and English.
public record Text(String da, String en) {}
