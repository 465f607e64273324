package io.galerne.headstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.support.GenericApplicationContext;

class HeadStartTests {
  private static final class Resource implements AutoCloseable {
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private final GenericApplicationContext context = new GenericApplicationContext();
  private final Resource resource = new Resource();

  @Test
  void theBeanGetsWhatWasBegun() throws Exception {
    HeadStart.begin(context, "work", () -> resource);
    assertThat(claim()).isSameAs(resource);
    context.refresh();
    fail();
    assertThat(resource.closed.getCount()).as("it belongs to the bean now").isEqualTo(1);
  }

  @Test
  void withoutOneTheBeanMakesItsOwn() throws Exception {
    Resource own = new Resource();
    assertThat(HeadStart.claim(context.getBeanFactory(), "work", Resource.class, () -> own))
        .isSameAs(own);
  }

  @Test
  void aFailureReachesTheBeanAsItWas() {
    HeadStart.begin(
        context,
        "work",
        () -> {
          throw new IOException("the disk is full");
        });
    assertThatThrownBy(this::claim).isInstanceOf(IOException.class).hasMessage("the disk is full");
  }

  @Test
  void aContextThatFailsBeforeClosesTheResult() throws Exception {
    HeadStart.begin(context, "work", () -> resource);
    context.refresh();
    fail();
    assertThat(resource.closed.await(5, TimeUnit.SECONDS)).isTrue();
  }

  private Resource claim() throws Exception {
    return HeadStart.claim(
        context.getBeanFactory(),
        "work",
        Resource.class,
        () -> {
          throw new AssertionError("begun already");
        });
  }

  private void fail() {
    context.publishEvent(
        new ApplicationFailedEvent(
            new SpringApplication(), new String[0], context, new IllegalStateException()));
  }
}
