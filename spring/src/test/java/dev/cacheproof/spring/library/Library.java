package dev.cacheproof.spring.library;

import jakarta.persistence.Cacheable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.NaturalIdCache;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** An application over Hibernate, with a second-level cache, as it is without Spring Boot. It does not know the toolkit. */
@Configuration
@EnableTransactionManagement
@EnableCaching
public class Library {

    @Entity(name = "Shelf")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
    @NaturalIdCache
    public static class Shelf {
        @Id
        public int id;

        @NaturalId
        public String code;

        @ElementCollection
        @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
        public List<String> titles = new ArrayList<>();

        protected Shelf() {}

        Shelf(int id, String code, List<String> titles) {
            this.id = id;
            this.code = code;
            this.titles.addAll(titles);
        }
    }

    @Bean
    DataSource dataSource() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return dataSource;
    }

    @Bean
    LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setDataSource(dataSource);
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setPackagesToScan(Library.class.getPackageName());
        factory.setJpaPropertyMap(Map.of(
                "hibernate.hbm2ddl.auto",
                "create-drop",
                "hibernate.cache.region.factory_class",
                MapRegions.class.getName(),
                "hibernate.cache.use_query_cache",
                "true"));
        return factory;
    }

    @Bean
    PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
        return new JpaTransactionManager(factory);
    }

    @Bean
    TransactionAwareCacheManagerProxy cacheManager() {
        return new TransactionAwareCacheManagerProxy(new ConcurrentMapCacheManager("names"));
    }

    @Bean
    Shelves shelves(EntityManagerFactory factory) {
        return new Shelves(factory);
    }
}
