package dk.elleve.audit.capture;

/// @param usable whether it can send everything since it was last told
/// @param confirmed the position it was last told of; 0 if it does not exist
record SlotState(boolean exists, boolean usable, long confirmed) {

    static final SlotState MISSING = new SlotState(false, false, 0);
}
