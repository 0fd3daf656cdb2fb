/** Plays the application: the toolkit leaves frames of its own packages out of call sites. */
@NullMarked
package example;

import org.jspecify.annotations.NullMarked;
