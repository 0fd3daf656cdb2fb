package dev.cacheproof.query;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Two amounts of data for which a block is to ask equally often. Immutable and thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Scale {

    private final int few;
    private final int many;
    private final ScaledBlock preparation;

    Scale(int few, int many, ScaledBlock preparation) {
        this.few = QueryCheck.notNegative("few", few);
        if (many <= few) {
            throw new IllegalArgumentException("many must be above few, which is " + few + ", but is " + many);
        }
        this.many = many;
        this.preparation = preparation;
    }

    /**
     * Prepares the data before each run, outside of what is counted: the smaller amount before the uncounted run and before the
     * first counted one, then the larger one. What the earlier runs have left is still there.
     *
     * @param preparation makes sure that there is that much data; what it throws is thrown on as it is
     * @return the scale
     */
    public Scale preparing(ScaledBlock preparation) {
        return new Scale(few, many, Objects.requireNonNull(preparation, "preparation must not be null"));
    }

    int few() {
        return few;
    }

    int many() {
        return many;
    }

    ScaledBlock preparation() {
        return preparation;
    }
}
