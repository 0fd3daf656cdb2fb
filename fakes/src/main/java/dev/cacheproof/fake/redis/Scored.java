package dev.cacheproof.fake.redis;

/**
 * A member of a sorted set. They stand in the order of their scores, and those of one score in the order of their bytes.
 *
 * @param score no NaN; -0 stands where 0 does
 */
record Scored(Bytes member, double score) implements Comparable<Scored> {

    @Override
    public int compareTo(Scored other) {
        if (score != other.score) {
            return score < other.score ? -1 : 1;
        }
        return member.compareTo(other.member);
    }
}
