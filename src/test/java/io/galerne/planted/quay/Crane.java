package io.galerne.planted.quay;

import io.galerne.planted.harbour.Ship;

/** Planted: reaches into a module that it may not know, and that knows it. */
public record Crane(Ship ship) {}
