package dk.elleve.kit.fingerprint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The keyed hash of one row, the same whether the row came as a change or was read from the table:
/// HMAC-SHA-256 over the table's name and the columns that have a value, by name. A column without a
/// value says nothing, so that a new one leaves the rows as they were. For one thread.
///
/// A row is told piece by piece: [#begin], [#put] for each column in the order of their names, [#end].
public final class RowHash {

    private final Mac mac;

    public RowHash(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    public void begin(String table) {
        piece(text(table));
    }

    /// @param value in the form that a change of the row would have
    public void put(String column, byte[] value) {
        piece(text(column));
        piece(value);
    }

    /// @return 32 bytes
    public byte[] end() {
        return mac.doFinal();
    }

    /// Of a whole row.
    ///
    /// @param columns the values that are there, by name
    public byte[] of(String table, SortedMap<String, byte[]> columns) {
        begin(table);
        columns.forEach(this::put);
        return end();
    }

    /// With its length before it: no two rows are written alike.
    private void piece(byte[] bytes) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
    }

    /// Elements of an array, each with its length before it, -1 for one that is null.
    public static byte[] list(List<byte @Nullable []> elements) {
        var bytes = new ByteArrayOutputStream();
        for (var element : elements) {
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(0, element == null ? -1 : element.length)
                    .array());
            if (element != null) {
                bytes.writeBytes(element);
            }
        }
        return bytes.toByteArray();
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
