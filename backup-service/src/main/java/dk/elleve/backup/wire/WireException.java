package dk.elleve.backup.wire;

import org.jspecify.annotations.Nullable;

/// The server refused, or the line to it broke; `sqlState` is the server's reason where it gave one.
public final class WireException extends RuntimeException {

    private final @Nullable String sqlState;

    WireException(String message, @Nullable String sqlState, @Nullable Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
    }

    WireException(String message) {
        this(message, null, null);
    }

    /// The WAL asked for is gone from the server for good.
    public boolean isWalRemoved() {
        return "58P01".equals(sqlState) || said("has already been removed");
    }

    /// The slot exists but the server has given up on it, so it holds nothing back any more.
    public boolean isSlotLost() {
        return said("can no longer access replication slot")
                || said("can no longer get changes from replication slot")
                || said("cannot read from replication slot");
    }

    public boolean isSlotMissing() {
        return "42704".equals(sqlState);
    }

    /// Somebody else streams from the slot, as a second instance of the service does.
    public boolean isSlotBusy() {
        return "55006".equals(sqlState);
    }

    /// The position asked for lies after everything this server has written.
    public boolean isAheadOfServer() {
        return said("is ahead of the WAL flush position");
    }

    private boolean said(String words) {
        var message = getMessage();
        return message != null && message.contains(words);
    }
}
