package dk.elleve.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a name server of our own, which knows aliases and nothing else.
class AliasesTest {

    private static final Map<String, String> ALIASES = Map.of(
            "vault.blob.example.net", "vault.privatelink.example.net",
            "vault.privatelink.example.net", "Blob.ams07.store.example.net",
            "loop.example.net", "loop.example.net");

    private DatagramSocket server;

    @BeforeEach
    void serve() throws IOException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::answerAll);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void an_alias_is_followed_to_the_last_name() {
        assertThat(aliases().last("vault.blob.example.net")).hasValue("blob.ams07.store.example.net");
    }

    @Test
    void a_host_that_is_no_alias_has_none() {
        assertThat(aliases().last("plain.example.net")).isEmpty();
    }

    @Test
    void a_loop_ends() {
        assertThat(aliases().last("loop.example.net")).isEmpty();
    }

    @Test
    void nobody_is_asked_about_an_address_or_this_machine() {
        var nobody = new Aliases("dns://127.0.0.1:1");

        assertThat(nobody.last("127.0.0.1")).isEmpty();
        assertThat(nobody.last("localhost")).isEmpty();
    }

    @Test
    void when_nobody_answers_nothing_is_known() {
        server.close();

        assertThat(aliases().last("vault.blob.example.net")).isEmpty();
    }

    private Aliases aliases() {
        return new Aliases("dns://127.0.0.1:" + server.getLocalPort());
    }

    private void answerAll() {
        var packet = new DatagramPacket(new byte[512], 512);
        try {
            while (true) {
                server.receive(packet);
                var answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static byte[] answer(byte[] question) throws IOException {
        var end = 12;
        var name = new StringBuilder();
        while (question[end] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(question, end + 1, question[end], StandardCharsets.US_ASCII));
            end += question[end] + 1;
        }
        end += 5; // the root, type and class
        var alias = ALIASES.get(name.toString());
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(question, 0, 2);
        out.writeShort(0x8580); // an answer with authority, and no error
        out.writeShort(1);
        out.writeShort(alias == null ? 0 : 1);
        out.writeInt(0);
        out.write(question, 12, end - 12);
        if (alias != null) {
            var data = new ByteArrayOutputStream();
            for (var label : alias.split("\\.")) {
                data.write(label.length());
                data.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            data.write(0);
            out.writeShort(0xc00c); // the name asked for
            out.writeShort(5); // CNAME
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(data.size());
            out.write(data.toByteArray());
        }
        return bytes.toByteArray();
    }
}
