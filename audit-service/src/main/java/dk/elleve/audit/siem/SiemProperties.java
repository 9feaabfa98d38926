package dk.elleve.audit.siem;

import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.search.EntryFeed;
import dk.elleve.contracts.TenantId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// @param siem who is sent the log as it grows; nobody if not given
@Validated
@ConfigurationProperties("elleve.audit")
record SiemProperties(@DefaultValue @Valid List<Destination> siem) {

    private static final List<String> KINDS =
            Stream.of(EntryKind.values()).map(EntryKind::word).toList();

    /// Where a receiver begins that is seen for the first time.
    enum From {
        NEWEST,
        BEGINNING
    }

    /// @param name what its position is kept under: a receiver with another name begins anew
    /// @param host the name that its certificate must bear
    /// @param tenant only this tenant's entries, as the tenant sees them; absent for all
    /// @param redacted without what the entries say
    /// @param kinds only entries of these kinds; all if not given
    /// @param ca file with the certificates (PEM) that its certificate may be signed by; those the
    ///     JDK trusts if not given
    /// @param certificate file with the chain (PEM) to show it; none if not given
    /// @param key file with the key of that certificate (PKCS #8, PEM)
    /// @param window how many bytes are sent again on a new connection; at least what the
    ///     receiver's kernel and program may hold unread
    record Destination(
            @NotBlank @Pattern(regexp = "[a-z0-9-]{1,40}") String name,
            @NotBlank String host,
            @DefaultValue("6514") @Min(1) @Max(65535) int port,
            @DefaultValue("syslog") EntryFeed.Form format,
            @Nullable TenantId tenant,
            @DefaultValue("false") boolean redacted,
            @DefaultValue List<String> kinds,
            @DefaultValue("newest") From from,
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key,
            @DefaultValue("1MB") DataSize window) {

        Destination {
            kinds = List.copyOf(kinds);
            var unknown = kinds.stream().filter(kind -> !KINDS.contains(kind)).collect(Collectors.joining(", "));
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        "elleve.audit.siem " + name + ": there are no kinds " + unknown + ", only " + KINDS);
            }
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException(
                        "elleve.audit.siem " + name + ": certificate and key belong together; set both or none");
            }
        }

        EntryFeed.Selection selection() {
            return new EntryFeed.Selection(tenant, kinds, redacted);
        }
    }

    SiemProperties {
        siem = List.copyOf(siem);
        var names = new HashSet<String>();
        for (var destination : siem) {
            if (!names.add(destination.name())) {
                throw new IllegalArgumentException(
                        "elleve.audit.siem: two receivers are named " + destination.name() + "; name them apart");
            }
        }
    }
}
