package dk.elleve.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dk.elleve.tlog.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.pem.PemContent;

/// What `openssl` answers as an authority, taken and refused.
class TimeStampsTest {

    private static final byte[] CONTENT = "elleve.local/audit\n7\n".getBytes(StandardCharsets.UTF_8);

    private static OpenSsl authority;
    private static TimeStamps stamps;

    @BeforeAll
    static void found(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isExecutable(OpenSsl.PROGRAM), OpenSsl.ABSENT);
        authority = new OpenSsl(folder.resolve("authority"));
        stamps = new TimeStamps(PemContent.of(Files.readString(authority.ca())).getCertificates(), new SecureRandom());
    }

    @Test
    void a_stamp_of_what_was_asked_for_tells_its_time() throws Exception {
        var request = stamps.request(CONTENT);

        var at = stamps.verified(request, authority.reply(request.getEncoded()));

        assertThat(Duration.between(at, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        assertThat(request.getCertReq()).isTrue();
        assertThat(request.getNonce()).isNotEqualTo(stamps.request(CONTENT).getNonce());
    }

    @Test
    void a_stamp_of_another_content_is_refused() throws Exception {
        var request = stamps.request(CONTENT);
        var generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        var other = generator.generate(
                TSPAlgorithms.SHA256,
                Hash.sha256("another".getBytes(StandardCharsets.UTF_8)).bytes(),
                request.getNonce());

        requireRefused(request, authority.reply(other.getEncoded()), "imprint");
    }

    @Test
    void an_older_stamp_of_the_same_content_is_refused() throws Exception {
        var earlier = stamps.request(CONTENT);

        requireRefused(stamps.request(CONTENT), authority.reply(earlier.getEncoded()), "nonce");
    }

    @Test
    void a_stamp_of_an_authority_that_is_not_trusted_is_refused(@TempDir Path folder) throws Exception {
        var stranger = new OpenSsl(folder.resolve("stranger"));
        var request = stamps.request(CONTENT);

        requireRefused(request, stranger.reply(request.getEncoded()), "nobody who is trusted");
    }

    @Test
    void a_stamp_signed_with_a_certificate_of_another_purpose_is_refused() throws Exception {
        authority.signed("web", "extendedKeyUsage=critical,serverAuth");
        authority.signed("lax", "extendedKeyUsage=timeStamping");
        authority.signed("good", "extendedKeyUsage=critical,timeStamping");
        var request = stamps.request(CONTENT);

        requireRefused(request, authority.replySignedBy("web", request.getEncoded()), "ExtendedKeyUsage");
        requireRefused(request, authority.replySignedBy("lax", request.getEncoded()), "ExtendedKeyUsage");
        assertThat(stamps.verified(request, authority.replySignedBy("good", request.getEncoded())))
                .as("nothing else was wrong with them")
                .isNotNull();
    }

    @Test
    void a_rejection_is_no_stamp() throws Exception {
        var request = stamps.request(CONTENT);

        requireRefused(request, authority.rejection(request.getEncoded()), "status 2");
    }

    @Test
    void an_answer_that_was_changed_anywhere_is_refused() throws Exception {
        var request = stamps.request(CONTENT);
        var answer = authority.reply(request.getEncoded());
        var time = stamps.verified(request, answer);
        int harmless = 0;
        for (int at = 0; at < answer.length; at += 7) {
            var changed = answer.clone();
            changed[at] ^= 1;
            try {
                assertThat(stamps.verified(request, changed)).as("byte " + at).isEqualTo(time);
                harmless++; // in a certificate that nobody needs
            } catch (TimeStamps.Refused refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
        assertThat(harmless).isLessThan(answer.length / 7);
        requireRefused(request, new byte[0], "");
        requireRefused(request, "<html>".getBytes(StandardCharsets.UTF_8), "");
    }

    private static void requireRefused(TimeStampRequest request, byte[] answer, String why) {
        assertThatThrownBy(() -> stamps.verified(request, answer))
                .isInstanceOf(TimeStamps.Refused.class)
                .hasMessageContaining(why);
    }
}
