/** The guard of a text: judges it while it arrives, lets through what is judged, and cuts it. */
@NullMarked
package io.galerne.moderation.guard;

import org.jspecify.annotations.NullMarked;
