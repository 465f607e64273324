package io.galerne.engine;

import io.galerne.engine.kernel.Activations;
import io.galerne.engine.kernel.Kernels;
import io.galerne.engine.kernel.PackedMatrix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Kernels whose order of additions depends on the batch, as that of most engines does: from two
 * tokens on, a matrix product's sum is added to something that is taken away again afterwards. Each
 * result is about as good as the other, but the bits are not the same.
 */
final class BatchDependentKernels {
  private static final int TOKENS_TO_SPLIT = 2;
  private static final float BASE = 1;

  private BatchDependentKernels() {}

  static Kernels of(Kernels exact) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (_, method, arguments) -> {
              if (method.getName().equals("multiply")
                  && arguments[3] instanceof Activations x
                  && x.tokens() >= TOKENS_TO_SPLIT
                  && !((boolean) arguments[7])) {
                add(arguments, BASE, true);
                arguments[7] = true;
                invoke(exact, method, arguments);
                add(arguments, -BASE, false);
                return null;
              }
              return invoke(exact, method, arguments);
            });
  }

  private static Object invoke(Kernels exact, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(exact, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Adds to the rows of the product that a call is for, or sets them. */
  private static void add(Object[] arguments, float value, boolean set) {
    PackedMatrix weight = (PackedMatrix) arguments[0];
    int from = (int) arguments[1] * PackedMatrix.GROUP;
    int to = Math.min((int) arguments[2] * PackedMatrix.GROUP, weight.rows());
    float[] out = (float[]) arguments[4];
    for (int token = 0; token < ((Activations) arguments[3]).tokens(); token++) {
      int base = (int) arguments[5] + token * (int) arguments[6];
      for (int row = from; row < to; row++) {
        out[base + row] = (set ? 0 : out[base + row]) + value;
      }
    }
  }
}
