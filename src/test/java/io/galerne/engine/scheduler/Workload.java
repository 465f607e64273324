package io.galerne.engine.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A random workload for a random scheduler; the same seed makes the same one. */
record Workload(
    long seed,
    SchedulerLimits limits,
    int blocks,
    int window,
    int promptTokensMax,
    int answerTokensMax,
    List<Request> requests) {
  static final int BLOCK_TOKENS = 4;
  private static final int TEXTS = 3;
  private static final int VOCABULARY = 40;
  private static final int FLOOD_EVERY = 8;

  /**
   * @param owner the number of its key, which is that of its cache namespace as well
   * @param cancelStep null for never
   */
  record Request(
      int number,
      int owner,
      long arrivalStep,
      int[] prompt,
      int answerTokensMax,
      ServiceTerms terms,
      CacheScope scope,
      @Nullable Long cancelStep) {}

  static Workload of(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    return seed % FLOOD_EVERY == 0 ? flood(seed, random) : mixed(seed, random);
  }

  /** Anything goes: a tiny cache, shared texts, windows, classes, deadlines, cancellations. */
  private static Workload mixed(long seed, Random random) {
    int promptMax = 1 + random.nextInt(40);
    int answerMax = 1 + random.nextInt(24);
    int window = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 0;
    int all = (promptMax + answerMax + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
    int least = window == 0 ? all : Math.min(all, (window + BLOCK_TOKENS - 1) / BLOCK_TOKENS + 1);
    int blocks = least + random.nextInt(random.nextBoolean() ? 6 : 80);
    int seats = 1 + random.nextInt(random.nextBoolean() ? 3 : 8);
    int tokens = 2 + random.nextInt(24);
    var limits =
        new SchedulerLimits(
            seats, tokens, 1 + random.nextInt(16), 5 + random.nextInt(60), 1 + random.nextInt(4));
    List<int[]> texts = texts(random, promptMax);
    List<Tenant> tenants = tenants(1 + random.nextInt(5), random);
    List<Request> requests = new ArrayList<>();
    int count = 1 + random.nextInt(30);
    long step = 0;
    for (int i = 0; i < count; i++) {
      step += random.nextInt(4) == 0 ? random.nextInt(20) : 0;
      Tenant tenant = tenants.get(random.nextInt(tenants.size()));
      int[] prompt = prompt(random, texts, promptMax);
      int shared = random.nextInt(4) == 0 ? random.nextInt(prompt.length + 1) : 0;
      Long deadline =
          random.nextInt(12) == 0 ? Simulation.nanos(step + 1 + random.nextInt(60)) : null;
      Priority priority = random.nextInt(3) == 0 ? Priority.BATCH : Priority.INTERACTIVE;
      requests.add(
          new Request(
              i,
              tenant.number(),
              step,
              prompt,
              1 + random.nextInt(answerMax),
              new ServiceTerms(tenant.key(), tenant.weight(), priority, deadline),
              new CacheScope(random.nextInt(6) == 0 ? null : tenant.namespace(), shared),
              random.nextInt(10) == 0 ? step + random.nextInt(30) : null));
    }
    return new Workload(seed, limits, blocks, window, promptMax, answerMax, requests);
  }

  /**
   * Few seats, short requests, many of them: one key begins, others come while it has many left.
   */
  private static Workload flood(long seed, Random random) {
    int promptMax = 2 + random.nextInt(8);
    int answerMax = 2 + random.nextInt(6);
    int seats = 1 + random.nextInt(2);
    int blocks = seats * ((promptMax + answerMax) / BLOCK_TOKENS + 2) + 4;
    var limits = new SchedulerLimits(seats, 4 + random.nextInt(12), 4, 1_000, 4);
    List<int[]> texts = texts(random, promptMax);
    List<Tenant> tenants = tenants(2 + random.nextInt(2), random);
    List<Request> requests = new ArrayList<>();
    for (Tenant tenant : tenants) {
      long arrival = tenant.number() * 100L;
      for (int i = 0; i < 80; i++) {
        requests.add(
            new Request(
                requests.size(),
                tenant.number(),
                arrival,
                prompt(random, texts, promptMax),
                1 + random.nextInt(answerMax),
                new ServiceTerms(tenant.key(), tenant.weight(), Priority.INTERACTIVE, null),
                CacheScope.of(tenant.namespace()),
                null));
      }
    }
    requests.sort(Comparator.comparingLong(Request::arrivalStep));
    return new Workload(seed, limits, blocks, 0, promptMax, answerMax, requests);
  }

  private record Tenant(int number, String key, double weight, CacheNamespace namespace) {}

  private static List<Tenant> tenants(int count, Random random) {
    List<Tenant> tenants = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] secret = new byte[32];
      random.nextBytes(secret);
      double weight = new double[] {0.5, 1, 1, 2, 3}[random.nextInt(5)];
      tenants.add(new Tenant(i, "key-" + i, weight, CacheNamespace.of(secret)));
    }
    return tenants;
  }

  /** Beginnings that prompts of all owners share, so that a cache of all would be hit often. */
  private static List<int[]> texts(Random random, int length) {
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      texts.add(random.ints(length, 2, VOCABULARY).toArray());
    }
    return texts;
  }

  private static int[] prompt(Random random, List<int[]> texts, int lengthMax) {
    int[] prompt = random.ints(1 + random.nextInt(lengthMax), 2, VOCABULARY).toArray();
    int[] text = texts.get(random.nextInt(texts.size()));
    int length = random.nextInt(prompt.length + 1);
    // sometimes the same blocks come at another place
    boolean shift = random.nextInt(4) == 0;
    int at = shift ? random.nextInt((prompt.length - length) / BLOCK_TOKENS + 1) : 0;
    System.arraycopy(text, 0, prompt, at * BLOCK_TOKENS, length);
    return prompt;
  }

  /** All tokens that the workload may need. */
  long tokens() {
    return requests.stream().mapToLong(r -> r.prompt().length + r.answerTokensMax()).sum();
  }
}
