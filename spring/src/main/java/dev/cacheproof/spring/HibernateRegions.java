package dev.cacheproof.spring;

import dev.cacheproof.Settings;
import java.util.Map;
import org.apiguardian.api.API;
import org.hibernate.boot.registry.StandardServiceInitiator;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cache.internal.NoCachingRegionFactory;
import org.hibernate.cache.internal.RegionFactoryInitiator;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.service.spi.ServiceContributor;
import org.hibernate.service.spi.ServiceRegistryImplementor;

/**
 * Lets the regions of every second-level cache that Hibernate builds be watched, whoever builds it: Spring or the test. Found
 * by Hibernate. It leaves every setting of the application as it is, and its statistics and listeners too.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HibernateRegions implements ServiceContributor {

    /** Creates the contributor; called by Hibernate. */
    public HibernateRegions() {}

    @Override
    public void contribute(StandardServiceRegistryBuilder builder) {
        if (Settings.current().mode() != Settings.Mode.OFF) {
            builder.addInitiator(new Initiator());
        }
    }

    private static final class Initiator implements StandardServiceInitiator<RegionFactory> {

        @Override
        public Class<RegionFactory> getServiceInitiated() {
            return RegionFactory.class;
        }

        @Override
        public RegionFactory initiateService(Map<String, Object> settings, ServiceRegistryImplementor registry) {
            RegionFactory factory = RegionFactoryInitiator.INSTANCE.initiateService(settings, registry);
            // Hibernate tells by its class whether there is a second level at all.
            return factory instanceof NoCachingRegionFactory ? factory : WatchedRegions.of(factory);
        }
    }
}
