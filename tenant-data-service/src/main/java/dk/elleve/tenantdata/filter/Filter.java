package dk.elleve.tenantdata.filter;

import java.math.BigDecimal;
import java.util.List;

/// A filter as a tree.
public sealed interface Filter {

    record And(List<Filter> all) implements Filter {
        public And {
            all = List.copyOf(all);
        }
    }

    record Or(List<Filter> any) implements Filter {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Filter what) implements Filter {}

    /// @param at the position of the field's name in the text, counted from 1
    record Compare(String field, Operator operator, Literal value, int at) implements Filter {}

    /// The field's value is one of these.
    record In(String field, List<Literal> values, int at) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    enum Operator {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE
    }

    /// A value in the text of a filter. It may be personal: it is never printed.
    sealed interface Literal {

        record Text(String text) implements Literal {
            @Override
            public String toString() {
                return "Text[***]";
            }
        }

        record Number(BigDecimal number) implements Literal {
            @Override
            public String toString() {
                return "Number[***]";
            }
        }

        record Bool(boolean value) implements Literal {}

        /// The field is absent or null.
        record Nothing() implements Literal {}
    }
}
