package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTests {

    private static final Settings DEFAULTS = new Settings(
            Settings.Mode.ENFORCE,
            Settings.Isolation.ANNOTATED,
            Settings.Deadlines.ON,
            Settings.Values.SHOWN,
            Settings.Undeclared.REFUSED,
            Settings.Reports.OFF,
            Settings.Snapshots.COMPARE,
            Optional.empty());

    @Test
    void enforcesUnlessTold() {
        assertThat(Settings.resolve(name -> Optional.empty())).isEqualTo(DEFAULTS);
        assertThat(Settings.current()).isEqualTo(DEFAULTS);
    }

    @Test
    void readsEveryParameter() {
        Map<String, String> parameters = Map.of(
                "cacheproof.mode", "report",
                "cacheproof.isolation", " ALL ",
                "cacheproof.deadlines", "off",
                "cacheproof.values", "Masked",
                "cacheproof.undeclared", "trusted",
                "cacheproof.reports", "on",
                "cacheproof.snapshots", "update",
                "cacheproof.snapshots.root", " src/test/kotlin ");

        assertThat(Settings.resolve(name -> Optional.ofNullable(parameters.get(name))))
                .isEqualTo(new Settings(
                        Settings.Mode.REPORT,
                        Settings.Isolation.ALL,
                        Settings.Deadlines.OFF,
                        Settings.Values.MASKED,
                        Settings.Undeclared.TRUSTED,
                        Settings.Reports.ON,
                        Settings.Snapshots.UPDATE,
                        Optional.of(Path.of("src/test/kotlin"))));
    }

    @Test
    void aFailureIsThrownOrToldOrLeftAlone() {
        AssertionError failure = new AssertionError("stale");
        try (Scope scope = Scope.named("test").root().open();
                Scope inner = Scope.open("block")) {
            assertThatThrownBy(() -> Settings.Mode.ENFORCE.enforce(failure)).isSameAs(failure);
            Settings.Mode.OFF.enforce(failure);
            assertThat(scope.reports()).isEmpty();

            Settings.Mode.REPORT.enforce(failure);

            assertThat(scope.reports()).containsExactly(Map.entry("cacheproof.wouldFail", "stale"));
            assertThat(inner.reports()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"enforce, ENFORCE", "report, REPORT", "off, OFF"})
    void readsEveryMode(String text, Settings.Mode mode) {
        assertThat(Settings.resolve(name -> name.equals("cacheproof.mode") ? Optional.of(text) : Optional.empty())
                        .mode())
                .isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({
        "cacheproof.mode, 'enforce, report, off'",
        "cacheproof.isolation, 'annotated, all'",
        "cacheproof.deadlines, 'on, off'",
        "cacheproof.values, 'shown, masked'",
        "cacheproof.undeclared, 'refused, trusted'",
        "cacheproof.reports, 'off, on'",
        "cacheproof.snapshots, 'compare, update'"
    })
    void namesWhatASettingMayBe(String setting, String allowed) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Settings.resolve(name -> name.equals(setting) ? Optional.of("perhaps") : Optional.empty()))
                .withMessage(setting + " is \"perhaps\", but must be one of " + allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a\0b"})
    void refusesARootThatIsNoPath(String root) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.resolve(
                        name -> name.equals("cacheproof.snapshots.root") ? Optional.of(root) : Optional.empty()))
                .withMessage("cacheproof.snapshots.root is \"" + root + "\", but must be the path of a folder");
    }

    /** What a JVM is started with; a parameter of the test platform goes before a property, that before the environment. */
    @Test
    void readsPropertiesAndTheEnvironment() throws Exception {
        ForkedJvm jvm = new ForkedJvm(
                List.of("-Dcacheproof.mode=off", "-Dcacheproof.values=masked"),
                Map.of(
                        "CACHEPROOF_MODE", "report",
                        "CACHEPROOF_ISOLATION", "all",
                        "CACHEPROOF_SNAPSHOTS_ROOT", "sources",
                        "CACHEPROOF_DEADLINES", "off"));

        assertThat(jvm.run(SettingsProbe.class))
                .isEqualTo(
                        new ForkedJvm.Result(
                                0,
                                "Settings[mode=OFF, isolation=ALL, deadlines=OFF, values=MASKED, "
                                        + "undeclared=REFUSED, reports=OFF, snapshots=COMPARE, snapshotsRoot=Optional[sources]]"
                                        + System.lineSeparator()
                                        + "Settings[mode=OFF, isolation=ALL, deadlines=OFF, values=SHOWN, "
                                        + "undeclared=REFUSED, reports=OFF, snapshots=COMPARE, snapshotsRoot=Optional[sources]]"));
    }

    /** Outside of tests; in a JVM of its own, since its properties are changed. */
    @Test
    void aScopeKeepsThoseThatItWasOpenedWith() throws Exception {
        assertThat(ForkedJvm.with("-Dcacheproof.values=masked").run(KeptSettingsProbe.class))
                .isEqualTo(new ForkedJvm.Result(0, "MASKED, inside MASKED, then SHOWN"));
    }

    @Test
    void areThoseOfTheTestThatTheThreadWorksFor() {
        Settings reporting =
                Settings.resolve(name -> name.equals("cacheproof.mode") ? Optional.of("report") : Optional.empty());
        RunningTest test = RunningTest.undeclared("id", "aTest", "a run of its own", reporting);
        try (Scope scope = Scope.named("aTest").root().test(test).open();
                Scope inner = Scope.open("inner")) {
            assertThat(scope.test()).isEqualTo(inner.test());
            assertThat(Settings.current()).isEqualTo(reporting);
        }
        assertThat(Settings.current()).isEqualTo(DEFAULTS);
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Settings.resolve(null))
                .withMessage("parameters");
    }
}
