package dev.cacheproof.samples.outlines;

/** How a site looks. */
public record Theme(String name, String colour) {}
