/**
 * Files that clients upload and jobs write, kept in the database in pieces, so that every replica
 * has them and none is ever whole in memory.
 */
@ApplicationModule(
    displayName = "Files",
    allowedDependencies = {"identity", "database"})
@NullMarked
package io.galerne.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
