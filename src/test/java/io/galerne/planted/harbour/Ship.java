package io.galerne.planted.harbour;

import io.galerne.planted.quay.Crane;
import org.jspecify.annotations.Nullable;

/** Planted: the other half of a cycle. */
public record Ship(@Nullable Crane crane) {}
