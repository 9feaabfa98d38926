package dk.elleve.segments;

import dk.elleve.segments.Declaration.Flow;
import dk.elleve.segments.Declaration.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The same for Kubernetes: nothing in or out by default, names may be looked up, and one policy
/// for each member.
///
/// The outside is every pod in a namespace with the label `elleve.dk/outside: "true"`: the ingress
/// controller's.
final class NetworkPolicies {

    /// Lets `deploy/kubernetes` take the policies from the folder they are rendered into.
    static final String KUSTOMIZATION = Rendered.notice("#") + """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - kubernetes.yaml
            """;

    private final Declaration declaration;
    private final StringBuilder out = new StringBuilder(Rendered.notice("#"));

    private NetworkPolicies(Declaration declaration) {
        this.declaration = declaration;
    }

    static String render(Declaration declaration) {
        return new NetworkPolicies(declaration).render();
    }

    private String render() {
        head("default-deny");
        out.append("""
              podSelector: {}
              policyTypes:
                - Ingress
                - Egress
            """);
        out.append("---\n");
        head("names");
        out.append("""
              podSelector: {}
              policyTypes:
                - Egress
              egress:
                - to:
                    - namespaceSelector:
                        matchLabels:
                          kubernetes.io/metadata.name: kube-system
                      podSelector:
                        matchLabels:
                          k8s-app: kube-dns
                  ports:
                    - protocol: UDP
                      port: 53
                    - protocol: TCP
                      port: 53
            """);
        for (var member : declaration.members()) {
            out.append("---\n");
            policy(member);
        }
        return out.toString();
    }

    private void head(String name) {
        out.append("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: %s
              namespace: %s
            spec:
            """.formatted(name, declaration.name()));
    }

    private void policy(Member member) {
        head(member.name());
        out.append("""
              podSelector:
                matchLabels:
                  app.kubernetes.io/name: %s
              policyTypes:
                - Ingress
                - Egress
            """.formatted(member.name()));
        // Clients of the same ports share a rule, and so do servers with the same ports.
        var in = new LinkedHashMap<String, Set<Integer>>();
        declaration.to(member).forEach(flow -> ports(in, flow.from(), flow));
        rules("ingress", "from", in);
        var outward = new LinkedHashMap<String, Set<Integer>>();
        declaration.from(member).forEach(flow -> ports(outward, flow.to(), flow));
        rules("egress", "to", outward);
        var open = declaration.openEgress(member);
        if (!open.isEmpty() && outward.isEmpty()) {
            out.append("  egress:\n");
        }
        for (var each : open) {
            out.append("    - to:\n");
            each.to()
                    .addresses()
                    .forEach(address -> out.append("        - ipBlock:\n            cidr: ")
                            .append(address)
                            .append("/32\n"));
            port(each.to().port());
        }
    }

    private static void ports(LinkedHashMap<String, Set<Integer>> all, String other, Flow flow) {
        all.computeIfAbsent(other, o -> new TreeSet<>()).add(flow.port());
    }

    private void rules(String direction, String word, LinkedHashMap<String, Set<Integer>> byOther) {
        var byPorts = new LinkedHashMap<Set<Integer>, List<String>>();
        byOther.forEach((other, ports) ->
                byPorts.computeIfAbsent(ports, p -> new ArrayList<>()).add(other));
        if (byPorts.isEmpty()) {
            return;
        }
        out.append("  ").append(direction).append(":\n");
        byPorts.forEach((ports, others) -> {
            out.append("    - ").append(word).append(":\n");
            others.forEach(this::peer);
            out.append("      ports:\n");
            ports.forEach(port -> out.append("        - protocol: TCP\n          port: ")
                    .append(port)
                    .append('\n'));
        });
    }

    private void port(int port) {
        out.append("      ports:\n        - protocol: TCP\n          port: ")
                .append(port)
                .append('\n');
    }

    private void peer(String name) {
        out.append(name.equals(Declaration.OUTSIDE) ? """
                    - namespaceSelector:
                        matchLabels:
                          elleve.dk/outside: "true"
            """ : """
                                    - podSelector:
                                        matchLabels:
                                          app.kubernetes.io/name: %s
                            """.formatted(name));
    }
}
