package dk.elleve.tenantdata.record;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import dk.elleve.tenantdata.collection.Collections;
import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Place;
import dk.elleve.tenantdata.http.Bodies;
import dk.elleve.tenantdata.http.Errors;
import dk.elleve.tenantdata.keyring.FieldKeys;
import dk.elleve.tenantdata.keyring.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// Many records at once: all of them in one transaction, or none.
@Component
class Imports {

    private static final int BATCH = 500;
    private static final int MOST_ERRORS = 100;

    private final RecordStore store;
    private final Records records;
    private final Collections collections;
    private final Keys keys;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Bodies bodies;
    private final RecordProperties limits;

    Imports(
            RecordStore store,
            Records records,
            Collections collections,
            Keys keys,
            Transactions transactions,
            Idempotency idempotency,
            Bodies bodies,
            RecordProperties limits) {
        this.store = store;
        this.records = records;
        this.collections = collections;
        this.keys = keys;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.bodies = bodies;
        this.limits = limits;
    }

    /// What an import did.
    ///
    /// @param errors what was wrong with rows that were skipped; the first hundred
    record Report(int imported, int skipped, List<Wrong> errors) {
        Report {
            errors = List.copyOf(errors);
        }
    }

    /// What is remembered under an Idempotency-Key. What was wrong is not: the name of an unknown field
    /// may be personal, and the same body is wrong in the same places again.
    record Done(int imported) {}

    /// @param line where the row starts in the body
    /// @param pointer the field
    record Wrong(long line, String pointer, String detail) {}

    /// Imports what follows the schema.
    ///
    /// @param skip whether rows that do not are left out; otherwise one of them refuses all
    Report take(Place place, Actor actor, Rows.Form form, byte[] body, boolean skip) {
        var definition = collections.require(place);
        var rows = new Rows(
                form, body, definition.layout(), bodies, limits.largest().toBytes());
        var checked = check(definition, rows);
        if (!skip && !checked.wrong().isEmpty()) {
            throw new Problem(
                    RecordProblem.IMPORT_REFUSED,
                    checked.bad().cardinality() + " of " + checked.count()
                            + " rows are not valid. Correct them, or use ?onError=skip to import the others.",
                    checked.problems());
        }
        var fetched = keys.fetched(place.tenant(), place.area(), place.collection());
        return transactions.write(Scope.of(place.tenant()), actor, () -> {
            if (collections.hold(place).version() != definition.version()) {
                throw CommonProblem.CONFLICT.with("The schema was changed at the same moment; send the import again.");
            }
            var done = idempotency.once(Done.class, () -> {
                var writing = new Writing(definition, fetched.get(), checked.bad(), records.now());
                rows.each(writing);
                writing.flush();
                return new Done(writing.written);
            });
            return new Report(done.imported(), checked.bad().cardinality(), checked.wrong());
        });
    }

    private record Checked(int count, BitSet bad, List<Wrong> wrong, List<Problem.At> problems) {}

    private Checked check(Definition definition, Rows rows) {
        var bad = new BitSet();
        var wrong = new ArrayList<Wrong>();
        var problems = new ArrayList<Problem.At>();
        var count = new int[1];
        rows.each(new Rows.Taker() {
            @Override
            public void row(int index, long line, ObjectNode row) {
                count(index);
                var errors = new Errors();
                var fields = Records.fieldsOf(row);
                if (fields.toString().length() > limits.largest().toBytes()) {
                    errors.add("", "may have at most " + limits.largest().toBytes() + " bytes");
                } else {
                    records.check(definition, fields, "", errors);
                }
                errors.found().forEach(each -> add(index, line, each.pointer(), each.detail()));
            }

            @Override
            public void broken(int index, long line, String detail) {
                count(index);
                add(index, line, "", detail);
            }

            private void count(int index) {
                count[0] = index + 1;
                if (index >= limits.mostRows()) {
                    throw CommonProblem.BODY_TOO_LARGE.with(
                            "One import takes at most " + limits.mostRows() + " rows; send the rest in another.");
                }
            }

            private void add(int index, long line, String pointer, String detail) {
                bad.set(index);
                if (wrong.size() < MOST_ERRORS) {
                    wrong.add(new Wrong(line, pointer, detail));
                    problems.add(new Problem.At("/" + index + pointer, "line " + line + ": " + detail));
                }
            }
        });
        return new Checked(count[0], bad, wrong, problems);
    }

    private final class Writing implements Rows.Taker {

        private final Definition definition;
        private final FieldKeys fieldKeys;
        private final BitSet bad;
        private final Instant now;
        private final List<StoredRecord> batch = new ArrayList<>();
        private final List<IndexEntry> entries = new ArrayList<>();
        private int written;

        Writing(Definition definition, FieldKeys fieldKeys, BitSet bad, Instant now) {
            this.definition = definition;
            this.fieldKeys = fieldKeys;
            this.bad = bad;
            this.now = now;
        }

        @Override
        public void row(int index, long line, ObjectNode row) {
            if (bad.get(index)) {
                return;
            }
            var fields = Records.fieldsOf(row);
            var id = Ids.next();
            batch.add(Seals.seal(definition, fieldKeys, id, fields, now));
            entries.addAll(IndexEntry.of(id, fields, definition.layout(), fieldKeys));
            if (batch.size() == BATCH) {
                flush();
            }
        }

        @Override
        public void broken(int index, long line, String detail) {
            // Was told when the rows were checked.
        }

        void flush() {
            store.insert(definition.place(), batch);
            store.insertIndex(definition.place(), entries);
            written += batch.size();
            batch.clear();
            entries.clear();
        }
    }
}
