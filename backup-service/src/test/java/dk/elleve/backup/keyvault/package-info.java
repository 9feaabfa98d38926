/// Tests of what the package of the same name promises, and a key vault for tests.
@NullMarked
package dk.elleve.backup.keyvault;

import org.jspecify.annotations.NullMarked;
