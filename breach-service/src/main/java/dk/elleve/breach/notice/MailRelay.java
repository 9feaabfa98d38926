package dk.elleve.breach.notice;

import dk.elleve.breach.incident.Incidents;
import dk.elleve.breach.obligation.Obligations;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/// Sends the mails that wait, for ever, with growing pauses while the mail server is away. The row is held while
/// its mail is sent, so that two instances do not send it at once; a crash between the server's answer and the
/// commit sends it again, with the same Message-ID.
@Component
class MailRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(MailRelay.class);
    private static final Actor ACTOR = Actor.system("breach/mail");
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final MailStore store;
    private final Incidents incidents;
    private final Obligations obligations;
    private final JavaMailSender sender;
    private final NoticeProperties properties;
    private final Transactions transactions;
    private final MailSignal signal;
    private final Counter failures;
    private final Clock clock;

    private volatile boolean running;
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});

    MailRelay(
            MailStore store,
            Incidents incidents,
            Obligations obligations,
            JavaMailSender sender,
            NoticeProperties properties,
            Transactions transactions,
            MailSignal signal,
            MeterRegistry meters,
            Clock clock) {
        this.store = store;
        this.incidents = incidents;
        this.obligations = obligations;
        this.sender = sender;
        this.properties = properties;
        this.transactions = transactions;
        this.signal = signal;
        this.failures = MailSampler.FAILURES.counter(meters);
        this.clock = clock;
    }

    /// How long a mail rests after that many attempts in vain: 1, 2, 4 … seconds, at most five minutes.
    static Duration pause(int attempts) {
        var pause = Duration.ofSeconds(1L << Math.min(attempts, 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /// Sends one mail that is due.
    ///
    /// @return whether one was due
    private boolean relay() {
        // Looking is a read: an idle service leaves nothing in the log of changes.
        if (!transactions.read(Scope.platform(), () -> store.anyDue(clock.instant()))) {
            return false;
        }
        return transactions.write(Scope.platform(), ACTOR, () -> {
            var due = store.claim(clock.instant());
            due.ifPresent(this::send);
            return due.isPresent();
        });
    }

    private void send(MailStore.Mail mail) {
        var incident = incidents.require(mail.incident());
        var text = MailText.of(
                incident, mail.further(), obligations.authorityDue(incident.awareAt()), properties.dashboard());
        try {
            sender.send(message(mail, text));
        } catch (MailException away) {
            var pause = later(mail, away);
            // Not the cause: what a mail server says repeats addresses.
            log.warn(
                    "The mail of case {} could not be sent ({}); tried again in {}",
                    mail.incident(),
                    away.getClass().getSimpleName(),
                    pause);
            return;
        } catch (MessagingException wrong) {
            var pause = later(mail, wrong);
            log.error("The mail of case {} could not be written; tried again in {}", mail.incident(), pause, wrong);
            return;
        }
        store.sent(mail.id(), clock.instant());
        incidents.notified(incident, "dpo", mail.id(), ACTOR);
    }

    private Duration later(MailStore.Mail mail, Exception why) {
        var pause = pause(mail.attempts());
        store.failed(mail.id(), why.getClass().getSimpleName(), clock.instant().plus(pause));
        failures.increment();
        return pause;
    }

    private MimeMessage message(MailStore.Mail mail, MailText text) throws MessagingException {
        var message = new Identified(sender.createMimeMessage().getSession(), mail.id());
        var helper = new MimeMessageHelper(message, StandardCharsets.UTF_8.name());
        helper.setFrom(properties.senderAddress());
        helper.setTo(properties.dpoAddress());
        helper.setSubject(text.subject());
        helper.setText(text.body());
        return message;
    }

    /// Keeps the Message-ID that it is given: whoever gets a mail twice can tell.
    private static final class Identified extends MimeMessage {

        private final String id;

        Identified(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + id + "@elleve>");
        }
    }

    private void loop() {
        while (running) {
            try {
                if (!relay()) {
                    signal.await(IDLE);
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                if (!running) {
                    return;
                }
                log.warn("Mails that wait could not be read; trying again in a second", failed);
                try {
                    signal.await(IDLE);
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("mail-relay").start(this::loop);
    }

    @Override
    public void stop() {
        running = false;
        signal.raise();
        try {
            thread.join(Duration.ofSeconds(12));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
