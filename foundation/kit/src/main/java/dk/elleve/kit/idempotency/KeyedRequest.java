package dk.elleve.kit.idempotency;

/// A request with its key.
///
/// @param content method, path and body: what must be the same when the key comes again
record KeyedRequest(String key, byte[] content) {

    static final String ATTRIBUTE = KeyedRequest.class.getName();
}
