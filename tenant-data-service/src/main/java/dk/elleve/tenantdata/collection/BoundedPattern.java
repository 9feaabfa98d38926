package dk.elleve.tenantdata.collection;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.regex.Pattern;

/// A schema's regular expression, which gives up before it costs more than a moment: a tenant writes both the
/// expression and the text. Giving up counts as no match.
final class BoundedPattern implements RegularExpression {

    static final RegularExpressionFactory FACTORY = BoundedPattern::new;

    static final int LONGEST = 500;
    private static final int MOST_STEPS = 2_000_000;

    private final Pattern pattern;

    /// @throws java.util.regex.PatternSyntaxException if it is none
    BoundedPattern(String expression) {
        this.pattern = Pattern.compile(expression, Pattern.UNICODE_CASE);
    }

    @Override
    public boolean matches(String text) {
        try {
            return pattern.matcher(new Counted(text, new int[1])).find();
        } catch (TooManySteps | StackOverflowError tooCostly) {
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        TooManySteps() {
            super("The expression takes too long", null, false, false);
        }
    }

    private record Counted(CharSequence text, int[] steps) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (++steps[0] > MOST_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
