package dev.rastro.syscalls.table;

/** A data file of the table does not say what it should; the message names file and line. */
public final class DataSyntaxException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  DataSyntaxException(DataLine line, String problem) {
    super(line.file() + ":" + line.number() + ": " + problem + ": " + line.text().strip());
  }
}
