/**
 * Looking for matches in a text that arrives character by character: phrases in spite of evasions,
 * regular expressions, personal data, secrets. It knows no policy, no Spring and no network.
 */
@NullMarked
package io.galerne.moderation.scan;

import org.jspecify.annotations.NullMarked;
