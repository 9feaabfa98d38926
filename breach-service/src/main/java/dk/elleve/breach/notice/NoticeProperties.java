package dk.elleve.breach.notice;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param dpoAddress where the data protection officer gets mail
/// @param senderAddress whom the mails are from
/// @param dashboard the address of the dashboard, for a link in the mail; without it the mail has none
/// @param mailPause how long further findings of a case are gathered before they are told of in one mail
@Validated
@ConfigurationProperties("elleve.breach")
record NoticeProperties(
        @NotBlank String dpoAddress,
        @DefaultValue("breach@elleve.localhost") String senderAddress,
        @Nullable URI dashboard,
        @DefaultValue("1m") Duration mailPause) {}
