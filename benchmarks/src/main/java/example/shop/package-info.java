/** A small Spring Boot application as users have them. It does not know the toolkit. */
@NullMarked
package example.shop;

import org.jspecify.annotations.NullMarked;
