package dk.elleve.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A database in which something happens between the first statement and the second: each takes a
/// connection of its own.
public final class Meanwhile extends DelegatingDataSource {

    private final AtomicInteger connections = new AtomicInteger();
    private final String sql;

    public Meanwhile(DataSource database, String sql) {
        super(database);
        this.sql = sql;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (connections.incrementAndGet() == 2) {
            try (var connection = super.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
        return super.getConnection();
    }
}
