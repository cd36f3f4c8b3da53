// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Screen;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.v1.Filter;
import dev.rastro.v1.TraceRequest;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a filter that the daemon decides, checked field by field. */
final class Screens {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:(-)(\\d{1,9})?)?");

  private Screens() {}

  static Screen of(TraceRequest request, Order.Form form, Detail most) throws BadFilter {
    Filter filter = request.getFilter();
    Screen screen =
        new Screen(
            Orders.duration("filter.max_duration_nanos", filter.getMaxDurationNanos()),
            paths(filter.getPathsList()),
            descriptors(filter.getDescriptorsList()),
            texts(filter.getTextsList()),
            request.getWithDescriptors());
    if (form == Order.Form.COUNT && !screen.isNone()) {
      throw new BadFilter(
          field(screen), "the kernel counts, and cannot look at this; ask for events");
    }
    if (most.isLessThan(Detail.NO_BUFFERS)
        && !(screen.paths().isEmpty() && screen.texts().isEmpty())) {
      throw new BadFilter(
          field(screen), "it would tell of arguments, which this client may not see");
    }
    if (filter.getMinDurationNanos() > 0
        && screen.maxDurationNanos() > 0
        && screen.maxDurationNanos() < filter.getMinDurationNanos()) {
      throw new BadFilter(
          "filter.max_duration_nanos", "less than min_duration_nanos: nothing would pass");
    }
    return screen;
  }

  private static String field(Screen screen) {
    if (!screen.paths().isEmpty()) {
      return "filter.paths";
    }
    if (!screen.texts().isEmpty()) {
      return "filter.texts";
    }
    return screen.descriptors().isEmpty() ? "filter.max_duration_nanos" : "filter.descriptors";
  }

  private static Set<String> paths(List<String> paths) throws BadFilter {
    check("filter.paths", paths);
    return new LinkedHashSet<>(paths);
  }

  private static List<String> texts(List<String> texts) throws BadFilter {
    check("filter.texts", texts);
    return texts;
  }

  private static void check(String field, List<String> entries) throws BadFilter {
    checkCount(field, entries);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).isEmpty()) {
        throw new BadFilter("%s[%d]".formatted(field, i), "it is empty");
      }
      if (entries.get(i).length() > SessionLimits.MAX_FILTER_CHARACTERS) {
        throw new BadFilter(
            "%s[%d]".formatted(field, i),
            "%d characters, at most %d are taken"
                .formatted(entries.get(i).length(), SessionLimits.MAX_FILTER_CHARACTERS));
      }
    }
  }

  private static void checkCount(String field, List<String> entries) throws BadFilter {
    if (entries.size() > SessionLimits.MAX_FILTER_ENTRIES) {
      throw new BadFilter(
          field,
          "%d entries, at most %d are taken"
              .formatted(entries.size(), SessionLimits.MAX_FILTER_ENTRIES));
    }
  }

  private static BitSet descriptors(List<String> ranges) throws BadFilter {
    checkCount("filter.descriptors", ranges);
    BitSet numbers = new BitSet();
    for (int i = 0; i < ranges.size(); i++) {
      Matcher range = RANGE.matcher(ranges.get(i));
      if (!range.matches()) {
        throw new BadFilter(
            "filter.descriptors[%d]".formatted(i),
            "'%s' is neither a number nor a range as 3-5 or 3-".formatted(ranges.get(i)));
      }
      int first = Integer.parseInt(range.group(1));
      int last =
          range.group(2) == null
              ? first
              : range.group(3) == null
                  ? SessionLimits.MAX_DESCRIPTOR
                  : Integer.parseInt(range.group(3));
      if (last < first || last > SessionLimits.MAX_DESCRIPTOR) {
        throw new BadFilter(
            "filter.descriptors[%d]".formatted(i),
            "'%s': descriptors are numbers up to %d, the smaller first"
                .formatted(ranges.get(i), SessionLimits.MAX_DESCRIPTOR));
      }
      numbers.set(first, last + 1);
    }
    return numbers;
  }
}
