package dk.elleve.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.subtle.Random;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.keyring.KeyringAutoConfiguration;
import dk.elleve.kit.test.Rig;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Hash;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.util.RawValue;

class PayloadSealTest {

    private static final Instant MARCH = Instant.parse("2026-03-31T23:59:59Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final String MASTER = Base64.getEncoder().encodeToString(Random.randBytes(32));

    private final Keyring keyring = keyring();
    private final PayloadSeal seal = new PayloadSeal(keyring, JsonAutoConfiguration.mapper(), new PlatformKey(MASTER));
    private final TenantId tenant =
            new TenantId("t" + UUID.randomUUID().toString().substring(0, 8));

    @Test
    void what_was_sealed_is_what_is_opened() {
        keyring.create(tenant);
        for (var of : new @Nullable TenantId[] {tenant, null}) {
            var entry = entry(of, MARCH, of != null);
            var sealed = sealed(entry);

            assertThat(sealed.underTenantKey()).isEqualTo(of != null);
            assertThat(new String(sealed.ciphertext(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("private");
            assertThat(open(entry, sealed)).contains(entry.content());
        }
    }

    @Test
    void the_commitment_binds_to_the_text_and_the_salt_makes_it_hide() {
        keyring.create(tenant);
        var one = sealed(entry(tenant, MARCH, true));
        var two = sealed(entry(tenant, MARCH, true));

        assertThat(one.commitment()).isNotEqualTo(two.commitment());
        assertThat(one.ciphertext().length).isGreaterThan(AuditLeaf.SALT_LENGTH);
    }

    @Test
    void a_flipped_bit_anywhere_is_refused_and_the_event_is_named() {
        keyring.create(tenant);
        var entry = entry(tenant, MARCH, true);
        var sealed = sealed(entry);
        for (int at = 0; at < sealed.ciphertext().length; at += 7) {
            sealed.ciphertext()[at] ^= 1;
            assertThatThrownBy(() -> open(entry, sealed))
                    .isInstanceOf(PayloadSeal.Tampered.class)
                    .hasMessageContaining(entry.eventId().toString());
            sealed.ciphertext()[at] ^= 1;
        }
        assertThat(open(entry, sealed)).isPresent();
    }

    @Test
    void what_no_reader_takes_is_damaged_and_numbers_keep_their_digits() {
        for (var json : List.of("[".repeat(600) + "]".repeat(600), "9".repeat(1001), "1e99999999999")) {
            var entry = entry(Map.of("note", new RawValue(json)));
            var sealed = sealed(entry);
            assertThatThrownBy(() -> open(entry, sealed)).isInstanceOf(PayloadSeal.Tampered.class);
        }

        var exact = entry(Map.of("note", new RawValue("3.00000000000000000001")));
        assertThat(open(exact, sealed(exact)).orElseThrow().after())
                .containsEntry("note", new BigDecimal("3.00000000000000000001"));
    }

    @Test
    void the_text_of_another_event_tenant_or_month_is_refused() {
        keyring.create(tenant);
        var other = new TenantId("o" + UUID.randomUUID().toString().substring(0, 8));
        keyring.create(other);
        var entry = entry(tenant, MARCH, true);
        var sealed = sealed(entry);

        assertThatThrownBy(() -> seal.open(UUID.randomUUID(), tenant, true, MARCH, sealed.ciphertext()))
                .isInstanceOf(PayloadSeal.Tampered.class);
        assertThatThrownBy(() -> seal.open(entry.eventId(), other, true, MARCH, sealed.ciphertext()))
                .isInstanceOf(PayloadSeal.Tampered.class);
        assertThatThrownBy(() -> seal.open(entry.eventId(), tenant, true, APRIL, sealed.ciphertext()))
                .isInstanceOf(PayloadSeal.Tampered.class);
        assertThatThrownBy(() -> seal.open(entry.eventId(), null, false, MARCH, sealed.ciphertext()))
                .isInstanceOf(PayloadSeal.Tampered.class);
    }

    @Test
    void a_destroyed_key_opens_nothing() {
        keyring.create(tenant);
        var entry = entry(tenant, MARCH, true);
        var sealed = sealed(entry);

        keyring.destroy(tenant);

        assertThat(open(entry, sealed)).isEmpty();
    }

    @Test
    void without_the_tenants_key_its_rows_are_not_kept_but_the_event_is() {
        var entry = entry(tenant, MARCH, true);
        var sealed = sealed(entry);

        assertThat(sealed.underTenantKey()).isFalse();
        var content = open(entry, sealed).orElseThrow();
        assertThat(content.after()).isNull();
        assertThat(content.resource()).isEqualTo(entry.content().resource());
        var harmless = entry(tenant, MARCH, false);
        assertThat(open(harmless, sealed(harmless)).orElseThrow().after()).containsEntry("note", "private");
    }

    @Test
    void the_same_value_is_found_again_within_a_tenant_and_tells_nothing_across() {
        keyring.create(tenant);
        var sealed = sealed(entry(tenant, MARCH, true));

        assertThat(seal.indexOf(tenant, "actor", "u-1")).contains(sealed.actorIndex());
        assertThat(seal.indexOf(tenant, "table", "db/item")).contains(sealed.tableIndex());
        assertThat(seal.indexOf(null, "actor", "u-1").orElseThrow()).isNotEqualTo(sealed.actorIndex());
        assertThat(seal.indexOf(tenant, "resource", "u-1").orElseThrow()).isNotEqualTo(sealed.actorIndex());
        assertThat(Hash.sha256("u-1".getBytes(StandardCharsets.UTF_8)).bytes()).isNotEqualTo(sealed.actorIndex());
    }

    private PayloadSeal.Sealed sealed(NewEntry entry) {
        return seal.seal(List.of(entry)).getFirst();
    }

    private Optional<Content> open(NewEntry entry, PayloadSeal.Sealed sealed) {
        return seal.open(entry.eventId(), entry.tenant(), sealed.underTenantKey(), entry.time(), sealed.ciphertext());
    }

    private static NewEntry entry(@Nullable TenantId tenant, Instant time, boolean needsTenantKey) {
        return entry(tenant, time, needsTenantKey, Map.of("note", "private"));
    }

    private static NewEntry entry(Map<String, @Nullable Object> after) {
        return entry(null, MARCH, false, after);
    }

    private static NewEntry entry(
            @Nullable TenantId tenant, Instant time, boolean needsTenantKey, Map<String, @Nullable Object> after) {
        return new NewEntry(
                UUID.randomUUID(),
                EntryKind.UPDATE,
                Set.of(Mark.ATTRIBUTED),
                tenant,
                time,
                new Content(
                        new Actor(Actor.Kind.USER, "u-1", null), "db/item/1", null, after, Map.of("database", "db")),
                List.of(),
                needsTenantKey);
    }

    private static Keyring keyring() {
        var made = new Keyring[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Parts.class)
                .withConfiguration(AutoConfigurations.of(KeyringAutoConfiguration.class))
                .withPropertyValues("elleve.master-key=" + MASTER)
                .run(context -> made[0] = context.getBean(Keyring.class));
        return made[0];
    }

    static class Parts {

        @Bean
        AzureBlobStore blobs() {
            return new AzureBlobStore(Rig.azurite().connectionString());
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
