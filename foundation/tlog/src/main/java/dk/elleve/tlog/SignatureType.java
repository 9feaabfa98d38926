package dk.elleve.tlog;

/// The kinds of note signature this house makes and checks (c2sp.org/signed-note, section "Signature types"). A
/// note may carry others; they are left alone.
public enum SignatureType {
    /// Ed25519 over the text.
    ED25519(0x01),
    /// A witness's word that it has seen this checkpoint at a certain second and no other history
    /// (c2sp.org/tlog-cosignature).
    COSIGNATURE_V1(0x04);

    private final byte code;

    SignatureType(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    static SignatureType of(byte code) {
        for (var type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new MalformedException(
                "key type 0x%02x is not supported: only 0x01 (Ed25519) and 0x04 (Ed25519 cosignature) are"
                        .formatted(code));
    }
}
