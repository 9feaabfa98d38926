package dk.elleve.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.KitRig;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class InboxSweepTest extends KitRig {

    final InboxStore store;

    @Autowired
    InboxSweepTest(InboxStore store) {
        this.store = store;
    }

    @Test
    void a_mark_stays_as_long_as_its_event_can_come_again_and_then_goes() throws SQLException {
        var id = UUID.randomUUID().toString();
        sql(
                "INSERT INTO kit.inbox VALUES ('test/sweep-old', '" + id + "', now() - interval '61 days')",
                "INSERT INTO kit.inbox VALUES ('test/sweep-young', '" + id + "', now() - interval '59 days')");

        assertThat(store.forgetOld()).isPositive();

        assertThat(count("SELECT count(*) FROM kit.inbox WHERE listener = 'test/sweep-young' AND event_id = '" + id
                        + "'"))
                .isEqualTo(1);
        assertThat(count("SELECT count(*) FROM kit.inbox WHERE listener = 'test/sweep-old'"))
                .isZero();
    }
}
