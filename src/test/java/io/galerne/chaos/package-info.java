/**
 * What becomes of the books when things are killed: replicas as processes of their own over one
 * PostgreSQL, clients that stream from them over sockets, and the ledger held against what the
 * clients saw. {@code mvn -Pchaos verify} runs all of it, {@code mvn verify} a short part.
 */
@NullMarked
package io.galerne.chaos;

import org.jspecify.annotations.NullMarked;
