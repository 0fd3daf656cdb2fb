package dev.cacheproof.fake.redis;

import java.util.List;

/** Which members of a sorted set a command is about. */
interface MemberRange {

    /** What the ends of a range are. */
    enum Kind {
        RANK,
        SCORE,
        LEXICAL
    }

    /** Reads a range from two words of a command. */
    static MemberRange of(Kind kind, Call call, int min, int max) {
        return switch (kind) {
            case RANK -> new Ranks(call.integer(min), call.integer(max));
            case SCORE -> new Scores(Scores.ScoreEnd.of(call.word(min)), Scores.ScoreEnd.of(call.word(max)));
            case LEXICAL -> new Words(Words.WordEnd.of(call.word(min)), Words.WordEnd.of(call.word(max)));
        };
    }

    /**
     * Returns the members within the range, in their order.
     *
     * @param reverse whether the range is looked for from behind
     */
    List<Scored> in(SortedSetValue set, boolean reverse);

    /** Between two places, both included; those below zero are counted from behind. In reverse, the last one is the first. */
    record Ranks(long start, long stop) implements MemberRange {

        @Override
        public List<Scored> in(SortedSetValue set, boolean reverse) {
            int size = set.size();
            long from = Math.max(start < 0 ? start + size : start, 0);
            long to = Math.min(stop < 0 ? stop + size : stop, size - 1) + 1;
            if (from >= to) {
                return List.of();
            }
            return reverse
                    ? set.members().subList((int) (size - to), (int) (size - from))
                    : set.members().subList((int) from, (int) to);
        }
    }

    /**
     * What is between two ends. Members of several scores are in no lexical order; redis-server then takes those that it
     * meets one after the other.
     */
    interface Interval extends MemberRange {

        boolean isEmpty();

        boolean isAboveMin(Scored member);

        boolean isBelowMax(Scored member);

        @Override
        default List<Scored> in(SortedSetValue set, boolean reverse) {
            List<Scored> members = set.members();
            int last = members.size() - 1;
            if (last < 0 || isEmpty() || !isAboveMin(members.get(last)) || !isBelowMax(members.get(0))) {
                return List.of();
            }
            return reverse ? fromBehind(members) : fromTheFront(members);
        }

        private List<Scored> fromTheFront(List<Scored> members) {
            int from = 0;
            while (!isAboveMin(members.get(from))) {
                from++;
            }
            int to = from;
            while (to < members.size() && isBelowMax(members.get(to))) {
                to++;
            }
            return members.subList(from, to);
        }

        private List<Scored> fromBehind(List<Scored> members) {
            int to = members.size();
            while (!isBelowMax(members.get(to - 1))) {
                to--;
            }
            int from = to;
            while (from > 0 && isAboveMin(members.get(from - 1))) {
                from--;
            }
            return members.subList(from, to);
        }
    }

    record Scores(ScoreEnd min, ScoreEnd max) implements Interval {

        record ScoreEnd(double score, boolean isExclusive) {

            static ScoreEnd of(Bytes word) {
                boolean isExclusive = word.length() > 0 && word.array()[0] == '(';
                Double score = Doubles.parseLeniently(isExclusive ? word.from(1) : word);
                if (score == null) {
                    throw new Refusal("ERR min or max is not a float");
                }
                return new ScoreEnd(score, isExclusive);
            }
        }

        @Override
        public boolean isEmpty() {
            boolean isPoint = min.score == max.score && !min.isExclusive && !max.isExclusive;
            return min.score >= max.score && !isPoint;
        }

        @Override
        public boolean isAboveMin(Scored member) {
            return member.score() > min.score || (member.score() == min.score && !min.isExclusive);
        }

        @Override
        public boolean isBelowMax(Scored member) {
            return member.score() < max.score || (member.score() == max.score && !max.isExclusive);
        }
    }

    record Words(WordEnd min, WordEnd max) implements Interval {

        /**
         * One end.
         *
         * @param infinity -1 where it stands before all words, 1 behind all of them, else 0
         */
        record WordEnd(int infinity, Bytes word, boolean isExclusive) implements Comparable<WordEnd> {

            static WordEnd of(Bytes written) {
                byte[] bytes = written.array();
                int first = bytes.length == 0 ? 0 : bytes[0];
                boolean isAlone = written.printed().length() == 1;
                if (first == '(' || first == '[') {
                    return new WordEnd(0, written.from(1), first == '(');
                }
                if (isAlone && (first == '-' || first == '+')) {
                    return new WordEnd(first == '-' ? -1 : 1, Bytes.of(""), true);
                }
                throw new Refusal("ERR min or max not valid string range item");
            }

            @Override
            public int compareTo(WordEnd other) {
                return infinity != other.infinity ? infinity - other.infinity : word.compareTo(other.word);
            }

            /** Compares a word with this: below zero where it stands before. */
            int compare(Bytes other) {
                return infinity != 0 ? -infinity : other.compareTo(word);
            }
        }

        @Override
        public boolean isEmpty() {
            int order = min.compareTo(max);
            return order > 0 || (order == 0 && (min.isExclusive || max.isExclusive));
        }

        @Override
        public boolean isAboveMin(Scored member) {
            return min.compare(member.member()) >= (min.isExclusive ? 1 : 0);
        }

        @Override
        public boolean isBelowMax(Scored member) {
            return max.compare(member.member()) <= (max.isExclusive ? -1 : 0);
        }
    }
}
