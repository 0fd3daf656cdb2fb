package dev.cacheproof.spring;

import org.mockito.MockingDetails;
import org.mockito.Mockito;

/** Tells mocks from what they stand for. A test may verify that nobody has asked a mock. Loads only where Mockito is. */
final class Mocks {

    private Mocks() {}

    /** Says whether there is nothing behind an object. A spy has what it was made of. */
    static boolean isOne(Object bean) {
        MockingDetails details = Mockito.mockingDetails(bean);
        return details.isMock() && !details.isSpy();
    }
}
