package dk.elleve.tenantdata.offboarding;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tenantdata.keyring.Keys;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CertificateController {

    /// What the platform can say of a tenant that is gone (GDPR Art. 28(3)(g)). The entry of `tenant-erased` in the
    /// audit log proves when it was said.
    ///
    /// @param keyId the destroyed key, as every copy that it sealed still names it; absent if there never was one
    /// @param keyGone whether the keyring, asked now, has no key of the tenant
    record Certificate(
            String tenant, long records, @Nullable String keyId, boolean keyGone, Instant erasedAt) {}

    private final OffboardingStore store;
    private final Keys keys;
    private final Transactions transactions;

    CertificateController(OffboardingStore store, Keys keys, Transactions transactions) {
        this.store = store;
        this.keys = keys;
        this.transactions = transactions;
    }

    @Operation(summary = "The certificate that a tenant was erased")
    @GetMapping("/tenants/{tenant}/erasure-certificate")
    @RolesAllowed({Role.ADMINISTRATOR, Role.DPO, Role.AUDITOR})
    Certificate get(@PathVariable String tenant) {
        var id = id(tenant);
        var erased = transactions.read(Scope.platform(), () -> store.find(id)).orElseThrow(CertificateController::none);
        return new Certificate(id.value(), erased.records(), erased.keyId(), keys.gone(id), erased.at());
    }

    private static TenantId id(String tenant) {
        try {
            return new TenantId(tenant);
        } catch (IllegalArgumentException noName) {
            throw none();
        }
    }

    private static Problem none() {
        return CommonProblem.NOT_FOUND.with("There is no such tenant, or it is not erased.");
    }
}
