package io.galerne.serving;

import io.galerne.engine.template.ToolCall;
import org.jspecify.annotations.Nullable;

/** Guards one answer. For one thread. */
public interface OutputGuard {
  /** Lets everything pass. */
  OutputGuard NONE =
      new OutputGuard() {
        @Override
        public boolean idle() {
          return true;
        }

        @Override
        public String add(String text) {
          return text;
        }

        @Override
        public String finish() {
          return "";
        }

        @Override
        public int passed() {
          return Integer.MAX_VALUE;
        }

        @Override
        public @Nullable ToolCall call(ToolCall call) {
          return call;
        }

        @Override
        public @Nullable GuardrailReport block() {
          return null;
        }

        @Override
        public boolean chargesGenerated() {
          return true;
        }

        @Override
        public void settled() {}
      };

  /** Whether nothing is to be judged. */
  boolean idle();

  /** Takes more of the answer; what of it may go out now. */
  String add(String text);

  /** The text of the answer is over; what may go out of its rest. */
  String finish();

  /** How much of the text went out or was covered up, in chars. */
  int passed();

  /** A call as it may go out, or null where it may not. */
  @Nullable ToolCall call(ToolCall call);

  /** Why the answer ended, or null where it was not the guard that ended it. */
  @Nullable GuardrailReport block();

  /** Whether tokens are charged that were generated and never went out. */
  boolean chargesGenerated();

  /** The answer is over; what was decided is kept. */
  void settled();
}
