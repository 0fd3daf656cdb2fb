package dev.cacheproof.spring.library;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import org.hibernate.Session;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.annotation.Transactional;

@Transactional
public class Shelves {

    @PersistenceContext
    EntityManager entities;

    @Autowired
    ApplicationEventPublisher events;

    Shelves(EntityManagerFactory factory) {
        EntityManager fixture = factory.createEntityManager();
        fixture.getTransaction().begin();
        for (int id = 1; id <= 3; id++) {
            fixture.persist(new Library.Shelf(id, "S" + id, List.of("a" + id, "b" + id)));
        }
        fixture.getTransaction().commit();
        fixture.close();
        factory.getCache().evictAll();
    }

    /** Fetches the code of a shelf by its id. */
    public String code(int id) {
        return entities.find(Library.Shelf.class, id).code;
    }

    /** Fetches the titles on a shelf, a collection. */
    public List<String> titles(int id) {
        return List.copyOf(entities.find(Library.Shelf.class, id).titles);
    }

    /** Fetches the id of a shelf by its natural id. */
    public int idOf(String code) {
        return entities.unwrap(Session.class)
                .bySimpleNaturalId(Library.Shelf.class)
                .load(code)
                .id;
    }

    /** Fetches all codes, with the query cache. */
    public List<String> codes() {
        return entities.createQuery("select s.code from Shelf s order by s.id", String.class)
                .setHint("org.hibernate.cacheable", true)
                .getResultList();
    }

    /** Fetches the code of a shelf through a cache of Spring's. */
    @Cacheable("names")
    public String name(int id) {
        return entities.find(Library.Shelf.class, id).code;
    }

    @CacheEvict("names")
    public void forget(int id) {}

    public void publish(Object event) {
        events.publishEvent(event);
    }
}
