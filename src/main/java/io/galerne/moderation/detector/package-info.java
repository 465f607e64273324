/**
 * From rules to scanners: personal data, secrets, injection, languages, topics and other models.
 */
@NullMarked
package io.galerne.moderation.detector;

import org.jspecify.annotations.NullMarked;
