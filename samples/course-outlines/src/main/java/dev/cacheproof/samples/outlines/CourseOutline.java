package dev.cacheproof.samples.outlines;

import java.util.List;

/** What a course consists of, at one published version. */
public record CourseOutline(String title, int version, List<Section> sections) {

    /** A chapter. */
    public record Section(String title, List<Sequence> sequences) {}

    /** A page of a chapter. */
    public record Sequence(String title, boolean hidden) {}
}
