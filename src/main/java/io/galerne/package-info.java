/** The application's root: one class that starts it. Every sub-package is a module of its own. */
@NullMarked
package io.galerne;

import org.jspecify.annotations.NullMarked;
