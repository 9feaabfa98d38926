package dk.elleve.breach;

import jakarta.validation.constraints.NotBlank;

/// The same in Danish and English.
public record Text(
        @NotBlank @PlainText String da, @NotBlank @PlainText String en) {}
