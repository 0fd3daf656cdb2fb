package dev.cacheproof.samples.outlines;

/** What the conditions are tried on: an application, or a twin of it that caches in another way. */
interface Outlines {

    CourseOutline fetch(String course);

    void publishRenamedSection(String course, String section, String title);

    static Outlines of(CourseOutlines application) {
        return new Outlines() {
            @Override
            public CourseOutline fetch(String course) {
                return application.fetch(course);
            }

            @Override
            public void publishRenamedSection(String course, String section, String title) {
                application.publishRenamedSection(course, section, title);
            }
        };
    }
}
