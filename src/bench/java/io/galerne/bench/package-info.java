/** Speed of the engine beside its peers, in one run on one machine: {@code mvn -Pbench verify}. */
@NullMarked
package io.galerne.bench;

import org.jspecify.annotations.NullMarked;
