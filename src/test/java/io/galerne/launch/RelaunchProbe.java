package io.galerne.launch;

/**
 * A program that needs the Vector API, for {@link RelaunchIntegrationTests} to start without it.
 */
final class RelaunchProbe {
  private RelaunchProbe() {}

  public static void main(String[] args) {
    Relaunch.withEngineModules();
    System.out.printf(
        "pid=%d module=%s user=%s tool=%s args=%s%n",
        ProcessHandle.current().pid(),
        ModuleLayer.boot().findModule(Relaunch.MODULE).isPresent(),
        System.getProperty("probe.user"),
        System.getProperty("probe.tool"),
        String.join("|", args));
    System.exit(7);
  }
}
