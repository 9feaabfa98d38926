/// Azure Key Vault as the keeper of the master key.
@NullMarked
package dk.elleve.backup.keyvault;

import org.jspecify.annotations.NullMarked;
