package dk.elleve.kit.test.part;

/// Where something listens.
public record Address(String host, int port) {

    @Override
    public String toString() {
        return host + ":" + port;
    }

    String http() {
        return "http://" + this;
    }
}
