package dk.elleve.tenantdata.tenant;

import java.util.Locale;

/// Where a tenant stands in its life.
public enum TenantState {
    OPEN,
    /// Closing was asked for and can be taken back; the data can still be read and written.
    CLOSING,
    CLOSED;

    static TenantState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
