package com.example.library;

import jakarta.persistence.EntityManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

@Service
public class Books {

    private final EntityManager entities;

    Books(EntityManager entities) {
        this.entities = entities;
    }

    /** Past the second level, so that only Spring's cache saves the query. */
    @Cacheable("titles")
    public String fetchTitle(int id) {
        return entities.createQuery("select b.title from Book b where b.id = :id", String.class)
                .setParameter("id", id)
                .getSingleResult();
    }

    /** With Hibernate's second level alone. */
    public String findTitle(int id) {
        return entities.find(Book.class, id).title;
    }
}
