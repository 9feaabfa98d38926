package dk.elleve.audit.capture;

import org.jspecify.annotations.Nullable;

/// @param lag bytes of WAL that are written and not taken over
/// @param held bytes of WAL that the server keeps for the slot's sake
/// @param room bytes of WAL that may still come before the server gives the slot up; absent without such a limit
record SlotLag(String slot, long lag, long held, @Nullable Long room) {}
