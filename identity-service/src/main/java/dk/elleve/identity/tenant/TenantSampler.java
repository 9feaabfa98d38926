package dk.elleve.identity.tenant;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.util.Locale;
import org.springframework.stereotype.Component;

/// How many tenants there are.
@Component
class TenantSampler implements Sampler {

    private static final Measure TENANTS = new Measure("elleve.identity.tenants", "Tenants, by state");

    private final TenantStore store;
    private final Transactions transactions;

    TenantSampler(TenantStore store, Transactions transactions) {
        this.store = store;
        this.transactions = transactions;
    }

    @Override
    public String name() {
        return "tenants";
    }

    @Override
    public void sample(Sample sample) {
        transactions
                .read(Scope.platform(), store::states)
                .forEach((state, tenants) ->
                        sample.put(TENANTS, tenants, "state", state.name().toLowerCase(Locale.ROOT)));
    }
}
