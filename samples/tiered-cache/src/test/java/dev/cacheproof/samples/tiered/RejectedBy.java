package dev.cacheproof.samples.tiered;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the tests of a contract that a mutant fails: these, and no other. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface RejectedBy {

    String[] value();
}
