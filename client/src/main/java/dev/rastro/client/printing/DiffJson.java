// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rastro.client.sums.CallSums;
import dev.rastro.client.sums.CallTable;
import dev.rastro.client.sums.Comparison;
import java.util.List;

/** A comparison as one JSON object on one line; docs/views.md describes it. */
public final class DiffJson {
  private DiffJson() {}

  /**
   * @param failed what speaks against the conditions
   */
  public static String of(Comparison comparison, List<String> failed) {
    JsonObject all = new JsonObject();
    all.add("before", side(comparison.before()));
    all.add("after", side(comparison.after()));
    JsonArray calls = new JsonArray();
    for (Comparison.Row row : comparison.changed()) {
      JsonObject call = new JsonObject();
      call.addProperty("syscall", row.syscall());
      call.addProperty("new", row.isNew());
      call.addProperty("gone", row.isGone());
      call.addProperty("otherTimes", comparison.hasOtherTimes(row));
      call.add("before", sums(row.before()));
      call.add("after", sums(row.after()));
      calls.add(call);
    }
    all.add("changed", calls);
    all.add("failed", texts(failed));
    return all + "\n";
  }

  private static JsonObject side(CallTable table) {
    JsonObject side = sums(table.total());
    side.addProperty("name", table.name());
    side.add("incompleteBecause", texts(table.incompleteBecause()));
    return side;
  }

  private static JsonObject sums(CallSums sums) {
    JsonObject object = new JsonObject();
    object.addProperty("calls", sums.calls());
    object.addProperty("errors", sums.errors());
    JsonObject kinds = new JsonObject();
    sums.errorsByKind().forEach(kinds::addProperty);
    object.add("errorsByKind", kinds);
    object.addProperty("totalNanos", sums.totalNanos());
    object.addProperty("p50Nanos", sums.quantileNanos(0.5));
    object.addProperty("p99Nanos", sums.quantileNanos(0.99));
    object.addProperty("maxNanos", sums.maxNanos());
    return object;
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }
}
