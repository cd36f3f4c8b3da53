package dev.rastro.syscalls.decode;

/** Decode options that depend on the call. Immutable; looking up allocates nothing. */
public final class CallOptions {
  private final CallSet brief;
  private final CallSet followed;
  private final DecodeOptions[] choices = new DecodeOptions[4];

  /**
   * @param brief calls whose structs are abbreviated; the others are told in full
   * @param followed calls whose pointers to structs and arrays are followed
   */
  public CallOptions(int elementLimit, CallSet brief, CallSet followed) {
    this.brief = brief;
    this.followed = followed;
    for (int i = 0; i < choices.length; i++) {
      choices[i] = new DecodeOptions(elementLimit, (i & 1) != 0, (i & 2) != 0);
    }
  }

  /** The same for every call. */
  static CallOptions same(DecodeOptions options) {
    return new CallOptions(
        options.elementLimit(),
        options.verbose() ? CallSet.NONE : CallSet.ALL,
        options.followed() ? CallSet.ALL : CallSet.NONE);
  }

  DecodeOptions of(int number) {
    return choices[(brief.includes(number) ? 0 : 1) | (followed.includes(number) ? 2 : 0)];
  }
}
