package dk.elleve.kit.idempotency;

/// A request with its key.
///
/// @param digest of method, path and body: what must be the same when the key comes again
record KeyedRequest(String key, byte[] digest) {

    static final String ATTRIBUTE = KeyedRequest.class.getName();
}
