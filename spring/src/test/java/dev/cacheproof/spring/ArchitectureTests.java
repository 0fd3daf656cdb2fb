package dev.cacheproof.spring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and the rules of the house that a compiler does not know. */
class ArchitectureTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("test-servers"))
            .importPackages("dev.cacheproof");

    /** Rules about no class at all would pass. */
    @Test
    void allModulesAreLookedAt() {
        assertThat(MAIN.stream().map(JavaClass::getPackageName))
                .contains(
                        "dev.cacheproof",
                        "dev.cacheproof.cache",
                        "dev.cacheproof.query",
                        "dev.cacheproof.fake",
                        "dev.cacheproof.fake.redis.script",
                        "dev.cacheproof.junit",
                        "dev.cacheproof.spring");
        assertThat(MAIN.stream().map(JavaClass::getSimpleName)).doesNotContain("ArchitectureTests");
    }

    @Test
    void theModulesPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.cacheproof..")
                .layer("core")
                .definedBy("dev.cacheproof")
                .layer("caches")
                .definedBy("dev.cacheproof.cache..")
                .layer("query-counter")
                .definedBy("dev.cacheproof.query..")
                .layer("fakes")
                .definedBy("dev.cacheproof.fake..")
                .layer("junit-extension")
                .definedBy("dev.cacheproof.junit..")
                .layer("spring")
                .definedBy("dev.cacheproof.spring..")
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .whereLayer("caches")
                .mayOnlyAccessLayers("core")
                .whereLayer("query-counter")
                .mayOnlyAccessLayers("core")
                .whereLayer("fakes")
                .mayOnlyAccessLayers("core")
                .whereLayer("junit-extension")
                .mayOnlyAccessLayers("core", "caches", "query-counter", "fakes")
                .whereLayer("spring")
                .mayNotBeAccessedByAnyLayer()
                .check(MAIN);
    }

    @Test
    void thereAreNoCyclesOfPackages() {
        slices().assignedFrom(PackageSlices.INSTANCE).should().beFreeOfCycles().check(MAIN);
    }

    /** Each package is a slice of its own: the root package holds the core. */
    private static final class PackageSlices implements SliceAssignment {
        static final PackageSlices INSTANCE = new PackageSlices();

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    @Test
    void onlyTheJUnitExtensionAndItsIntegrationsSeeJUnit() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.cacheproof.junit..", "dev.cacheproof.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..")
                .check(MAIN);
    }

    @Test
    void onlyTheIntegrationSeesSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cacheproof.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..")
                .check(MAIN);
    }

    /** Its counters drop kinds of statements, forget no thread, and tell a query by its first letter. */
    @Test
    void nothingCountsWithDatasourceProxysCounters() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("net\\.ttddyy\\..*(QueryCount|QueryUtils|QueryType|SlowQuery).*")
                .check(MAIN);
    }

    /** Its classes have other names in each major version. */
    @Test
    void nothingSeesSpringBoot() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.boot..")
                .check(MAIN);
    }

    /** It is optional, so nothing else may load it. */
    @Test
    void onlyTheScriptsOfTheFakeSeeLuaj() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cacheproof.fake.redis.script")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.luaj..")
                .check(MAIN);
    }

    @Test
    void coreNeedsNoLibrary() {
        classes()
                .that()
                .resideInAPackage("dev.cacheproof")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.cacheproof", "java..", "org.apiguardian..", "org.jspecify..", "org.opentest4j..")
                .check(MAIN);
    }

    @Test
    void publicTypesSayHowStableTheyAre() {
        classes()
                .that()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .beAnnotatedWith(API.class)
                .check(MAIN);
    }

    @Test
    void packagesSayWhatMayBeNull() {
        assertThat(MAIN.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allMatch(name -> name.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void packagesStaySmall() {
        Map<String, Long> publicTypes = MAIN.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(publicTypes)
                .isNotEmpty()
                .allSatisfy((name, count) ->
                        assertThat(count).as("public types of %s", name).isLessThanOrEqualTo(20));
    }

    @Test
    void staticFieldsAreFinal() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(are(not(processState())))
                .should()
                .beFinal()
                .check(MAIN);
    }

    @Test
    void noOtherClassHoldsStateForTheWholeProcess() {
        noFields()
                .that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(are(not(processState())))
                .should()
                .haveRawType(DescribedPredicate.describe("thread-local or mutable", ArchitectureTests::holdsState))
                .check(MAIN);
    }

    private static DescribedPredicate<JavaClass> processState() {
        return simpleName("ProcessState").and(resideInAPackage("dev.cacheproof"));
    }

    /** A collection's type does not tell whether it can change, so {@link #staticCollectionsAreImmutable} looks at it. */
    private static boolean holdsState(JavaClass type) {
        return type.isAssignableTo(ThreadLocal.class)
                || (type.getPackageName().startsWith("java.util.concurrent") && !type.isEnum());
    }

    @Test
    void staticCollectionsAreImmutable() throws ReflectiveOperationException {
        int seen = 0;
        for (JavaClass type : MAIN) {
            for (JavaField field : type.getFields()) {
                if (isStaticCollection(field) && !processState().test(type)) {
                    Field reflected = field.reflect();
                    reflected.setAccessible(true);
                    assertThat(Objects.requireNonNull(reflected.get(null))
                                    .getClass()
                                    .getName())
                            .as(field.getFullName())
                            .startsWith("java.util.ImmutableCollections");
                    seen++;
                }
            }
        }
        assertThat(seen).isPositive();
    }

    private static boolean isStaticCollection(JavaField field) {
        return field.getModifiers().contains(JavaModifier.STATIC)
                && (field.getRawType().isAssignableTo(Collection.class)
                        || field.getRawType().isAssignableTo(Map.class));
    }

    @Test
    void nothingIsPrinted() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    @Test
    void nothingSleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(MAIN);
    }
}
