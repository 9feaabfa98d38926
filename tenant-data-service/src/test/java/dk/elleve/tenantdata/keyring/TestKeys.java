package dk.elleve.tenantdata.keyring;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.keyring.KeyringAutoConfiguration;
import dk.elleve.tenantdata.http.Bodies;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/// Real keys of tenants, from the kit's own keyring over a blob store in memory.
public final class TestKeys {

    private static final Keyring KEYRING = keyring();

    private TestKeys() {}

    public static FieldKeys of(String tenant, String area, String collection) {
        return new FieldKeys(KEYRING.create(new TenantId(tenant)), area, collection, new Bodies().json());
    }

    private static Keyring keyring() {
        var context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test", Map.of("elleve.master-key", Base64.getEncoder().encodeToString(new byte[32]))));
        context.registerBean(Clock.class, Clock::systemUTC);
        context.registerBean(BlobStore.class, Memory::new);
        context.register(KeyringAutoConfiguration.class);
        context.refresh();
        return context.getBean(Keyring.class);
    }

    private static final class Memory implements BlobStore {

        private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

        @Override
        public void put(String container, String name, byte[] bytes) {
            blobs.put(container + "/" + name, bytes.clone());
        }

        @Override
        public boolean putIfAbsent(String container, String name, byte[] bytes) {
            return blobs.putIfAbsent(container + "/" + name, bytes.clone()) == null;
        }

        @Override
        public Optional<byte[]> get(String container, String name) {
            return Optional.ofNullable(blobs.get(container + "/" + name)).map(byte[]::clone);
        }

        @Override
        public List<String> list(String container, String prefix) {
            throw new UnsupportedOperationException("The keyring lists nothing");
        }

        @Override
        public void delete(String container, String name) {
            blobs.remove(container + "/" + name);
        }
    }
}
