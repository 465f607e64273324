package io.galerne.headstart;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Work that takes long and needs no bean, begun before the context refreshes. The bean method whose
 * result it is claims it; if the context fails before that, the result is closed.
 *
 * @param <T> what the work gives
 */
public final class HeadStart<T extends AutoCloseable> {
  private final FutureTask<T> work;
  private final AtomicBoolean claimed = new AtomicBoolean();

  private HeadStart(Callable<T> work) {
    this.work = new FutureTask<>(work);
  }

  /**
   * Begins the work on a thread of its own and makes it known to the context under a bean name.
   *
   * @param name of the bean and the thread
   */
  public static <T extends AutoCloseable> void begin(
      ConfigurableApplicationContext context, String name, Callable<T> work) {
    var headStart = new HeadStart<>(work);
    context.getBeanFactory().registerSingleton(name, headStart);
    context.addApplicationListener(
        (ApplicationListener<ApplicationFailedEvent>) failed -> headStart.closeUnclaimed());
    Thread.ofPlatform().name(name).daemon().start(headStart.work);
  }

  /**
   * The result of the work that was begun under a name, or of {@code otherwise} if none was.
   *
   * @param type what the work gives
   */
  public static <T extends AutoCloseable> T claim(
      ConfigurableListableBeanFactory beans, String name, Class<T> type, Callable<T> otherwise)
      throws Exception {
    return beans.containsSingleton(name)
        ? type.cast(((HeadStart<?>) beans.getBean(name)).claim())
        : otherwise.call();
  }

  private T claim() throws Exception {
    claimed.set(true);
    return result();
  }

  private T result() throws Exception {
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void closeUnclaimed() {
    if (claimed.compareAndSet(false, true)) {
      try {
        result().close();
      } catch (Exception e) {
        // The context has failed already, and says why; this only adds to it.
        System.getLogger(HeadStart.class.getName())
            .log(System.Logger.Level.DEBUG, "a head start came to nothing", e);
      }
    }
  }
}
