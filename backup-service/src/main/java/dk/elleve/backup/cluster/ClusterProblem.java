package dk.elleve.backup.cluster;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum ClusterProblem implements ProblemKind {
    CLUSTER_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such cluster"),
    CLUSTER_ALIVE(HttpStatus.CONFLICT, "The cluster's process is alive");

    private final HttpStatus status;
    private final String title;

    ClusterProblem(HttpStatus status, String title) {
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
