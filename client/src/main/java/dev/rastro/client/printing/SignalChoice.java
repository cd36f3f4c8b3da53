package dev.rastro.client.printing;

import java.util.BitSet;

/** The signals that the user wants to read about, by number. */
public record SignalChoice(BitSet wanted) {
  public static final int SIGNALS = 65;

  public SignalChoice {
    wanted = (BitSet) wanted.clone();
  }

  public static SignalChoice all() {
    BitSet all = new BitSet(SIGNALS);
    all.set(1, SIGNALS);
    return new SignalChoice(all);
  }

  public boolean wants(int signal) {
    return wanted.get(signal);
  }
}
