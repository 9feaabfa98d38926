package dk.elleve.segments;

/// `segment-probe`: one word says what to do.
public final class SegmentProbe {

    private SegmentProbe() {}

    public static void main(String... words) {
        System.exit(2);
    }
}
