/// How the platform's words look in JSON, on every topic and at every endpoint.
@NullMarked
package dk.elleve.kit.json;

import org.jspecify.annotations.NullMarked;
