package dk.elleve.tenantdata.tenant;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

/// Why there is nothing to do with a tenant now, or any more.
public enum TenantProblem implements ProblemKind {
    TENANT_NOT_READY(HttpStatus.SERVICE_UNAVAILABLE, "The tenant is still being opened"),
    TENANT_CLOSED(HttpStatus.GONE, "The tenant is closed and its data erased");

    private final HttpStatus status;
    private final String title;

    TenantProblem(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public HttpStatus status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
