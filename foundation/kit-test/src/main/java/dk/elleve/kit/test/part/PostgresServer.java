package dk.elleve.kit.test.part;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL server somewhere, and how its databases are entered. Passwords are the installation's secrets.
public record PostgresServer(Address address, Secrets secrets) {

    public static final String SUPERUSER = "postgres";

    public String url(String database) {
        return "jdbc:postgresql://" + address + "/" + database;
    }

    public DataSource superuser(String database) {
        return as(database, SUPERUSER);
    }

    /// With the password that the provisioner gave the role.
    public DataSource as(String database, String role) {
        var source = new PGSimpleDataSource();
        source.setUrl(url(database));
        source.setUser(role);
        source.setPassword(secrets.password(role));
        return source;
    }
}
