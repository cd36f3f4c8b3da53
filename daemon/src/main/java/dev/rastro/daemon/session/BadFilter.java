package dev.rastro.daemon.session;

/** A wish that cannot be understood: which field of the request, what is wrong, what to do. */
public final class BadFilter extends Exception {

  private static final long serialVersionUID = 1;

  private final String field;

  public BadFilter(String field, String problem) {
    super(field + ": " + problem);
    this.field = field;
  }

  /** As the request spells it: {@code filter.syscalls[0]}. */
  public String field() {
    return field;
  }
}
