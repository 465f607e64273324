package io.galerne.engine.grammar.automaton;

/**
 * A deterministic automaton over characters. State 0 is the start; {@link Dfa#DEAD} where no word
 * goes on.
 *
 * @param starts {@code [intervals]}: the first code point of each interval, ascending from 0
 * @param classes {@code [intervals]}: the class of the interval's code points
 * @param classCount how many classes there are
 * @param next {@code [states][classCount]}
 * @param labels {@code [states]}: {@link Dfa#REJECT} or what an accepted word is
 */
record CharDfa(int[] starts, int[] classes, int classCount, int[] next, int[] labels) {
  int step(int state, int charClass) {
    return next[state * classCount + charClass];
  }
}
