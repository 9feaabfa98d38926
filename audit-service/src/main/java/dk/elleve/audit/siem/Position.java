package dk.elleve.audit.siem;

/// How far a receiver has been sent the log.
///
/// @param sent the last index that was given to a connection or passed over
/// @param resume the next connection sends what comes after it
record Position(long sent, long resume) {

    static Position at(long index) {
        return new Position(index, index);
    }

    /// What lay in buffers on the way is taken for lost with the connection.
    Position broken() {
        return at(resume);
    }
}
