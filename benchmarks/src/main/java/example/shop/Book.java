package example.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** What is sold. */
@Entity
@SuppressWarnings("NullAway.Init")
public class Book {

    @Id
    private Long id;

    private String title;

    /** Called by JPA. */
    protected Book() {}

    /**
     * Returns the title.
     *
     * @return the title
     */
    public String title() {
        return title;
    }
}
