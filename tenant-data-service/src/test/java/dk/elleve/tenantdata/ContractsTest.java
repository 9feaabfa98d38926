package dk.elleve.tenantdata;

import dk.elleve.kit.test.GatewayContract;
import dk.elleve.kit.test.OpenApiContract;
import dk.elleve.kit.test.SealedSamples;
import org.junit.jupiter.api.Test;

class ContractsTest extends TenantDataRig {

    @Test
    void what_the_gateway_relies_on_is_kept() {
        GatewayContract.isKeptBy(port);
    }

    @Test
    void the_committed_document_is_what_the_service_says_of_itself() {
        OpenApiContract.isWhatRuns("tenant-data", port);
    }

    @Test
    void every_event_that_was_ever_on_the_wire_of_its_topics_is_taken() {
        SealedSamples.areTakenBy("tenant-data", "dk.elleve.tenantdata");
    }
}
