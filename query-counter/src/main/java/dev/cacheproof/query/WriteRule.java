package dev.cacheproof.query;

import dev.cacheproof.query.CacheWrites.Left;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is expected of the entries that a block writes. Immutable. */
sealed interface WriteRule {

    /**
     * What is wrong.
     *
     * @param actual what is so instead, to be put behind "but"
     * @param lines the entries
     * @param advice what to do
     */
    record Finding(String actual, List<String> lines, String advice) {}

    /** Returns what is expected, to be put behind "expected". */
    String expectation();

    /** Looks at entries, of which there is at least one; empty where all is well. */
    Optional<Finding> look(List<CacheWrites> entries);

    /** Every entry has a time to live. */
    record Expiring(@Nullable Duration longest) implements WriteRule {

        @Override
        public String expectation() {
            return "every entry to expire" + (longest == null ? "" : " within " + text(longest));
        }

        @Override
        public Optional<Finding> look(List<CacheWrites> entries) {
            List<String> lines = new ArrayList<>();
            boolean isLate = false;
            boolean isLong = false;
            boolean isForEver = false;
            for (CacheWrites entry : entries) {
                Left lasting = entry.lastingOne();
                Left longestLiving = entry.longestLiving();
                if (lasting != null) {
                    Left later = laterOne(entry, lasting);
                    isLate |= later != null;
                    isForEver |= later == null;
                    lines.addAll(lines(
                            entry,
                            later == null
                                    ? "has no time to live"
                                    : "had no time to live until "
                                            + later.command().text() + ", of a later round trip",
                            lasting));
                } else if (longest != null
                        && longestLiving != null
                        && longest.compareTo(timeToLive(longestLiving)) < 0) {
                    isLong = true;
                    lines.addAll(lines(entry, "expires after " + text(timeToLive(longestLiving)), longestLiving));
                }
            }
            long broken = entries.stream().filter(this::isBroken).count();
            return broken == 0
                    ? Optional.empty()
                    : Optional.of(new Finding(
                            broken + " of " + entries.size() + (broken == 1 ? " does not" : " do not"),
                            lines,
                            advice(isLate, isLong, isForEver)));
        }

        private static String advice(boolean isLate, boolean isLong, boolean isForEver) {
            List<String> advice = new ArrayList<>();
            if (isForEver) {
                advice.add(
                        "give it a time to live where it is written; if its key names a version, and it may stay until it\n"
                                + "is evicted, leave it out: exceptKeys(\"...\").");
            }
            if (isLate) {
                advice.add(
                        "give the time to live with the value (SET ... EX), or send both at once, in a transaction or a"
                                + " pipeline:\na client that ends in between leaves an entry that stays for ever.");
            }
            if (isLong) {
                advice.add("shorten what lives too long, or expect what is meant.");
            }
            return String.join("\n", advice);
        }

        private boolean isBroken(CacheWrites entry) {
            Left longestLiving = entry.longestLiving();
            return entry.lastingOne() != null
                    || (longest != null && longestLiving != null && longest.compareTo(timeToLive(longestLiving)) < 0);
        }

        private static @Nullable Left laterOne(CacheWrites entry, Left lasting) {
            return entry
                    .left()
                    .subList(entry.left().indexOf(lasting) + 1, entry.left().size())
                    .stream()
                    .filter(each -> each.write().timeToLive() != null)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Not all entries expire at once. */
    record SpreadOver(Duration atLeast) implements WriteRule {

        @Override
        public String expectation() {
            return "times to live to be spread over " + text(atLeast);
        }

        @Override
        public Optional<Finding> look(List<CacheWrites> entries) {
            List<Left> expiring = entries.stream()
                    .map(CacheWrites::last)
                    .filter(each -> each.write().timeToLive() != null)
                    .toList();
            if (expiring.size() < 2) {
                return Optional.of(new Finding(
                        expiring.size() + " of " + entries.size()
                                + (expiring.size() == 1 ? " entry expires" : " entries expire"),
                        List.of(),
                        "let the block write several entries that expire."));
            }
            Map<Duration, Integer> counts = new LinkedHashMap<>();
            expiring.stream()
                    .map(WriteRule::timeToLive)
                    .sorted()
                    .forEach(timeToLive -> counts.merge(timeToLive, 1, Integer::sum));
            List<Duration> sorted = new ArrayList<>(counts.keySet());
            Duration range = sorted.get(sorted.size() - 1).minus(sorted.get(0));
            Map.Entry<Duration, Integer> mode =
                    counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
            boolean isNarrow = range.compareTo(atLeast) < 0;
            if (!isNarrow && mode.getValue() * 2 <= expiring.size()) {
                return Optional.empty();
            }
            List<String> lines = new ArrayList<>();
            counts.forEach((timeToLive, count) ->
                    lines.add(count + (count == 1 ? " expires after " : " expire after ") + text(timeToLive)));
            return Optional.of(new Finding(
                    isNarrow
                            ? "those of " + expiring.size() + " entries are within " + text(range)
                            : mode.getValue() + " of " + expiring.size() + " entries have the same",
                    lines,
                    "add a random part to the time to live, so that not all are computed anew at once."));
        }
    }

    /** No entry is too large. */
    record NoLargerThan(long bytes) implements WriteRule {

        @Override
        public String expectation() {
            return "no entry to be larger than " + text(bytes);
        }

        @Override
        public Optional<Finding> look(List<CacheWrites> entries) {
            List<CacheWrites> tooLarge = entries.stream()
                    .filter(entry -> entry.largest().write().bytes() > bytes)
                    .sorted(Comparator.comparingLong((CacheWrites entry) ->
                                    entry.largest().write().bytes())
                            .reversed())
                    .toList();
            List<String> lines = new ArrayList<>();
            tooLarge.forEach(entry -> lines.addAll(
                    lines(entry, "has " + text(entry.largest().write().bytes()), entry.largest())));
            return tooLarge.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Finding(
                            tooLarge.size() + " of " + entries.size() + (tooLarge.size() == 1 ? " is" : " are"),
                            lines,
                            "keep less in it, split it, or compress it: whoever reads it waits for all of it."));
        }

        private static String text(long bytes) {
            return String.format(Locale.ROOT, "%,d byte%s", bytes, bytes == 1 ? "" : "s");
        }
    }

    /** Every entry is used. */
    record Read() implements WriteRule {

        @Override
        public String expectation() {
            return "every entry to be read after it was written";
        }

        @Override
        public Optional<Finding> look(List<CacheWrites> entries) {
            List<CacheWrites> unread = entries.stream()
                    .filter(entry -> !entry.left().get(0).isReadLater())
                    .toList();
            List<String> lines = new ArrayList<>();
            unread.forEach(entry -> lines.addAll(lines(entry, "was not read", entry.last())));
            return unread.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Finding(
                            unread.size() + " of " + entries.size() + (unread.size() == 1 ? " was not" : " were not"),
                            lines,
                            "if it is read under another key, build both keys in one place; if nobody reads it, do not write it;\n"
                                    + "if it is read later, let the block read it, too."));
        }
    }

    private static Duration timeToLive(Left left) {
        Duration timeToLive = left.write().timeToLive();
        return timeToLive == null ? Duration.ZERO : timeToLive;
    }

    private static List<String> lines(CacheWrites entry, String what, Left left) {
        List<String> lines = new ArrayList<>();
        lines.add(entry.entry().key() + "   " + what + "   " + left.command().text() + "   on "
                + entry.entry().source());
        left.command().callSite().ifPresent(site -> lines.add("   at " + site));
        return lines;
    }

    private static String text(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
