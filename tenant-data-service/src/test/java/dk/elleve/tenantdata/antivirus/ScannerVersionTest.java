package dk.elleve.tenantdata.antivirus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScannerVersionTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @Test
    void a_scanner_says_when_its_signatures_were_made() throws IOException {
        assertThat(ScannerVersion.parse("ClamAV 1.4.3/27800/Fri Nov 28 09:43:05 2025"))
                .isEqualTo(new ScannerVersion("1.4.3", Instant.parse("2025-11-28T09:43:05Z")));
    }

    @Test
    void a_short_day_is_filled_up_with_a_space() throws IOException {
        assertThat(ScannerVersion.parse("ClamAV 1.5.0-rc/27803/Tue Dec  1 00:00:00 2026\n"))
                .isEqualTo(new ScannerVersion("1.5.0-rc", Instant.parse("2026-12-01T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ClamAV 1.4.3",
                "ClamAV 1.4.3/27800/",
                "ClamAV 1.4.3/27800/soon",
                "ClamAV 1.4.3/27800/Fri Nov 31 09:43:05",
                "ClamAV 1.4.3/27800/fre 28 nov 09:43:05 2025"
            })
    void without_a_date_that_can_be_read_there_are_no_signatures(String answer) throws IOException {
        assertThat(ScannerVersion.parse(answer)).isEqualTo(new ScannerVersion("1.4.3", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "UNKNOWN COMMAND", "SSH-2.0-OpenSSH_9.2", "ClamAV", "ClamAV 1.4.3/x/Fri Nov 28"})
    void what_is_no_scanner_is_not_taken_for_one(String answer) {
        assertThatThrownBy(() -> ScannerVersion.parse(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void the_age_of_signatures_is_never_told_too_young() {
        assertThat(ScannerSampler.age(NOW.minusSeconds(90), NOW)).isEqualTo(90);
        assertThat(ScannerSampler.age(NOW.plusSeconds(3_600), NOW))
                .as("of another time zone")
                .isZero();
        assertThat(ScannerSampler.age(NOW.plusSeconds(200_000), NOW)).isInfinite();
        assertThat(ScannerSampler.age(null, NOW)).isInfinite();
    }
}
