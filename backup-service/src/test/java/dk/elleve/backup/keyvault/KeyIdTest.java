package dk.elleve.backup.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIdTest {

    @Test
    void a_key_and_one_version_of_it_are_named_as_azure_names_them() {
        assertThat(KeyId.parse("https://elleve.vault.azure.net/keys/master"))
                .isEqualTo(new KeyId("elleve.vault.azure.net", "master", null));
        assertThat(KeyId.parse(" https://elleve.vault.azure.net/keys/master/0a1b\n"))
                .hasToString("https://elleve.vault.azure.net/keys/master/0a1b")
                .isEqualTo(new KeyId("elleve.vault.azure.net", "master", "0a1b"));
    }

    @Test
    void capitals_make_no_other_key() {
        assertThat(KeyId.parse("https://Elleve.Vault.Azure.net/keys/Master/0A1B"))
                .isEqualTo(KeyId.parse("https://elleve.vault.azure.net/keys/master/0a1b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://elleve.vault.azure.net/keys/master",
                "ftp://elleve.vault.azure.net/keys/master",
                "https://elleve.vault.azure.net/secrets/master",
                "https://elleve.vault.azure.net/keys/",
                "https://elleve.vault.azure.net/keys/master/0a1b/wrapkey",
                "https://user@elleve.vault.azure.net/keys/master",
                "https://elleve.vault.azure.net/keys/master?x=y",
                "https:///keys/master",
                "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "not an address"
            })
    void anything_else_is_refused_without_being_shown(String text) {
        assertThatThrownBy(() -> KeyId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://NAME.vault.azure.net/keys/KEY")
                .hasMessageNotContaining(text)
                .hasNoCause();
    }
}
