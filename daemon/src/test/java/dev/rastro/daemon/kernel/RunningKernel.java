package dev.rastro.daemon.kernel;

/** What tests must know of the kernel that they run on. */
public final class RunningKernel {
  private RunningKernel() {}

  /** Whether it may skip programs at any time, which is told but not to be foreseen. */
  public static boolean preemptsPrograms() {
    return release().preemptsPrograms();
  }

  /** Whether what is not resident when a call returns is read before its task goes on. */
  public static boolean hasTaskWork() {
    return release().hasTaskWork();
  }

  private static KernelRelease release() {
    return KernelRelease.parse(System.getProperty("os.version"));
  }
}
