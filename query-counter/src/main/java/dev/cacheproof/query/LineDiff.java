package dev.cacheproof.query;

import java.util.ArrayList;
import java.util.List;

/** How one text becomes another: the lines that leave, the lines that come, and some of those that stay. */
final class LineDiff {

    /** A table for more than this many pairs of lines is not made; what differs is then shown as one piece. */
    private static final int MOST_PAIRS = 4_000_000;

    private static final int CONTEXT = 3;
    private static final int MOST_SHOWN = 60;

    private final List<String> edits = new ArrayList<>();

    LineDiff(List<String> from, List<String> to) {
        int start = 0;
        while (start < from.size() && start < to.size() && from.get(start).equals(to.get(start))) {
            start++;
        }
        int end = 0;
        while (end < from.size() - start
                && end < to.size() - start
                && from.get(from.size() - 1 - end).equals(to.get(to.size() - 1 - end))) {
            end++;
        }
        add("  ", from.subList(0, start));
        compare(from.subList(start, from.size() - end), to.subList(start, to.size() - end));
        add("  ", from.subList(from.size() - end, from.size()));
    }

    private void add(String mark, List<String> lines) {
        lines.forEach(line -> edits.add(mark + line));
    }

    private void compare(List<String> from, List<String> to) {
        if ((long) from.size() * to.size() > MOST_PAIRS) {
            add("- ", from);
            add("+ ", to);
            return;
        }
        int[][] common = commonAfter(from, to);
        int i = 0;
        int j = 0;
        while (i < from.size() || j < to.size()) {
            if (i < from.size() && j < to.size() && from.get(i).equals(to.get(j))) {
                edits.add("  " + from.get(i++));
                j++;
            } else if (j == to.size() || (i < from.size() && common[i + 1][j] >= common[i][j + 1])) {
                edits.add("- " + from.get(i++));
            } else {
                edits.add("+ " + to.get(j++));
            }
        }
    }

    /** Returns how many lines, at most, can stay of what follows after each pair of places. */
    private static int[][] commonAfter(List<String> from, List<String> to) {
        int[][] common = new int[from.size() + 1][to.size() + 1];
        for (int i = from.size() - 1; i >= 0; i--) {
            for (int j = to.size() - 1; j >= 0; j--) {
                common[i][j] = from.get(i).equals(to.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    List<String> edits() {
        return edits;
    }

    /** Returns how many lines leave. */
    long gone() {
        return edits.stream().filter(edit -> edit.startsWith("-")).count();
    }

    /** Returns how many lines come. */
    long added() {
        return edits.stream().filter(edit -> edit.startsWith("+")).count();
    }

    /** Returns what differs, with the lines around it. */
    List<String> lines() {
        List<String> shown = new ArrayList<>();
        boolean skipped = false;
        for (int i = 0; i < edits.size(); i++) {
            if (!isNearEdit(i)) {
                skipped = true;
                continue;
            }
            if (shown.size() >= MOST_SHOWN) {
                shown.add("... and more, " + edits.size() + " lines in all");
                return shown;
            }
            if (skipped) {
                shown.add("  ...");
            }
            skipped = false;
            shown.add(edits.get(i));
        }
        if (skipped) {
            shown.add("  ...");
        }
        return shown;
    }

    private boolean isNearEdit(int place) {
        for (int i = Math.max(0, place - CONTEXT); i <= Math.min(edits.size() - 1, place + CONTEXT); i++) {
            if (!edits.get(i).startsWith(" ")) {
                return true;
            }
        }
        return false;
    }
}
