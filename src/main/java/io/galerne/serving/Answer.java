package io.galerne.serving;

/** A collected answer: its text as far as it got, and how it ended. */
public record Answer(String text, Ending ending) {}
