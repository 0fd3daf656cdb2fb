package dev.cacheproof.samples.outlines;

import java.util.Optional;
import java.util.function.Function;

/** The themes of sites, each looked up once. */
public final class Themes {

    private final Function<String, Optional<Theme>> lookUp;

    /**
     * Creates the service.
     *
     * @param lookUp finds a theme where it is not cached
     */
    public Themes(Function<String, Optional<Theme>> lookUp) {
        this.lookUp = lookUp;
    }

    /**
     * Finds the theme of a site: in this process, or else in the file system.
     *
     * @param site the site's name
     * @return the theme; empty for a site without one
     */
    public Optional<Theme> find(String site) {
        return OutlineCaches.THEMES.get(site, lookUp);
    }
}
