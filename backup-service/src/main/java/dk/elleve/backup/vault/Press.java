package dk.elleve.backup.vault;

import com.github.luben.zstd.ZstdCompressCtx;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/// What one thread needs to seal chunk after chunk: made once, since its room outside Java's heap
/// costs more than a chunk.
public final class Press implements AutoCloseable {

    final ZstdCompressCtx zstd = new ZstdCompressCtx();
    final Cipher cipher;
    final byte[] packed = new byte[Sealing.LARGEST_CHUNK];

    public Press() {
        zstd.setLevel(1);
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM", e);
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
