package io.galerne.chat;

/** Who reads an answer while it comes. Going away is no failure. */
interface AnswerReader {
  /** The answer has a place. */
  void begin(Turn turn);

  void text(String more);

  /** Nothing has come for some time. */
  void idle();

  /** The answer is complete and kept. */
  void end(Turn turn);
}
