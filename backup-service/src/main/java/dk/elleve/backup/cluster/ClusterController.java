package dk.elleve.backup.cluster;

import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ClusterController {

    /// @param id the cluster's system identifier
    /// @param seenAt when its process last said that it lives, which it does every minute
    /// @param drills whether restore drills are set up for it
    /// @param claims what is claimed of all clusters, as measured for this one
    record ClusterView(String id, String name, Instant seenAt, boolean drills, List<ClusterClaimView> claims) {}

    /// @param state `holds`, `fails`, or `unmeasured`: then nothing is said of any cluster yet
    record ClusterClaimView(
            String claim, String state, @Nullable Instant at, Map<String, String> facts) {

        static ClusterClaimView of(String claim, @Nullable Measurement newest) {
            return newest == null
                    ? new ClusterClaimView(claim, "unmeasured", null, Map.of())
                    : new ClusterClaimView(claim, newest.holds() ? "holds" : "fails", newest.at(), newest.facts());
        }
    }

    private final Clusters clusters;

    ClusterController(Clusters clusters) {
        this.clusters = clusters;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "The clusters that are backed up, by name, and where each stands with what is claimed of all")
    @GetMapping("/backups/clusters")
    Page<ClusterView> list() {
        var measurements = clusters.measurements();
        return new Page<>(
                clusters.all().stream().map(each -> view(each, measurements)).toList(), null);
    }

    @RolesAllowed(Role.ADMINISTRATOR)
    @Operation(summary = "Forget a cluster that is gone for good; its backups stay in the vault")
    @ApiResponse(responseCode = "204")
    @DeleteMapping("/backups/clusters/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void retire(@PathVariable String id) {
        clusters.retire(id, Caller.current().actor());
    }

    private static ClusterView view(Cluster cluster, Map<String, Map<String, Measurement>> measurements) {
        return new ClusterView(
                cluster.id(),
                cluster.name(),
                cluster.seenAt(),
                cluster.drills(),
                measurements.entrySet().stream()
                        .map(claim -> ClusterClaimView.of(
                                claim.getKey(), claim.getValue().get(cluster.id())))
                        .toList());
    }
}
