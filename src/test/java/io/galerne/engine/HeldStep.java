package io.galerne.engine;

import io.galerne.engine.kernel.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds the engine in the middle of a step, once it was told to. */
public final class HeldStep implements EngineProbe {
  private static final int PATIENCE_SECONDS = 30;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean armed;

  /** An engine that this holds. */
  public Engine load(EngineSettings settings) {
    return LocalEngine.load(settings, LoadListener.NONE, this);
  }

  public void arm() {
    armed = true;
  }

  public void awaitReached() throws InterruptedException {
    await(reached);
  }

  public void release() {
    released.countDown();
  }

  @Override
  public Kernels kernels(Kernels chosen) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (_, method, arguments) -> {
              if (armed && method.getName().equals("attend")) {
                reached.countDown();
                await(released);
              }
              try {
                return method.invoke(chosen, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("not within " + PATIENCE_SECONDS + " s");
    }
  }
}
