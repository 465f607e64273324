package io.galerne.engine.model;

/**
 * The tokens of one step, of any number of sequences. Tokens of a sequence stand in order of
 * position, after everything of it that the cache already holds.
 */
public final class Batch {
  private final int[] tokens;
  private final int[] positions;
  private final int[][] blockTables;
  private final int[] logitRows;
  private int size;
  private int logitCount;

  public Batch(int tokensMax) {
    this.tokens = new int[tokensMax];
    this.positions = new int[tokensMax];
    this.blockTables = new int[tokensMax][];
    this.logitRows = new int[tokensMax];
  }

  public void clear() {
    size = 0;
    logitCount = 0;
  }

  /**
   * Adds a token.
   *
   * @param blockTable the sequence's blocks in order of position, covering {@code position}
   */
  public void add(int token, int position, int[] blockTable) {
    tokens[size] = token;
    positions[size] = position;
    blockTables[size] = blockTable;
    size++;
  }

  /**
   * Asks for the logits that follow the token added last.
   *
   * @return the row of the logits in {@link ModelRunner#logits}
   */
  public int wantLogits() {
    logitRows[logitCount] = size - 1;
    return logitCount++;
  }

  public int size() {
    return size;
  }

  int token(int index) {
    return tokens[index];
  }

  int position(int index) {
    return positions[index];
  }

  int[] blockTable(int index) {
    return blockTables[index];
  }

  /** Whether a token is the next of the sequence that the one before it belongs to. */
  // A block table is a sequence's own: the same array means the same sequence.
  @SuppressWarnings("ReferenceEquality")
  boolean followsBefore(int index) {
    return blockTables[index] == blockTables[index - 1]
        && positions[index] == positions[index - 1] + 1;
  }

  int logitCount() {
    return logitCount;
  }

  int logitRow(int index) {
    return logitRows[index];
  }
}
