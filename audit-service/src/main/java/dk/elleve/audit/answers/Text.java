package dk.elleve.audit.answers;

/// The same in Danish and English.
record Text(String da, String en) {}
