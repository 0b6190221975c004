package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.http.Route;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.StateReader;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.annotation.Testable;

/// That the law of state is held after every method of every handler's test, of those too that are not written yet.
///
/// Whoever can commit something holds an [ApiSystem] that is registered with JUnit; and a handler is reached
/// through the routes of such a system alone. That every mutation route is under the law at all, with a test or
/// without, is the business of `LawTest`, which compares the generated commands with the routes.
class LawIsHeldTest {
    /// Below the routes: the edge with routes of its own, the writer with changes that no handler makes. And the
    /// law.
    private static final List<String> NOT_ABOUT_HANDLERS =
            List.of("com.pantherkolab.api.http", "com.pantherkolab.api.store", "com.pantherkolab.api.law");

    /// The function beans as Lambda runs them, on a database that keeps nothing.
    private static final List<String> AS_DEPLOYED = List.of("ApiFunctionsTest", "SnapshotTest");

    private static JavaClasses tests;

    @BeforeAll
    static void readTheTests() {
        tests = new ClassFileImporter()
                .withImportOption(location -> location.contains("-tests.jar") || location.contains("/test-classes/"))
                .importPackages("com.pantherkolab.api");
    }

    private static Stream<JavaClass> aboutHandlers() {
        return tests.stream().filter(type -> !NOT_ABOUT_HANDLERS.contains(type.getPackageName()));
    }

    @Test
    void everyTestThatCanCommitHoldsTheLaw() {
        List<JavaClass> committing = aboutHandlers()
                .filter(LawIsHeldTest::hasTests)
                .filter(type -> names(
                        type, ApiSystem.class, Gateway.class, Commands.class, ChangeWriter.class, StateReader.class))
                .filter(type -> !AS_DEPLOYED.contains(type.getSimpleName()))
                .toList();

        // So that it cannot pass on nothing.
        assertThat(committing).hasSizeGreaterThanOrEqualTo(8);
        assertThat(committing)
                .as("have a field @RegisterExtension ApiSystem")
                .filteredOn(type -> !holdsTheLaw(type))
                .isEmpty();
    }

    @Test
    void aSystemIsMadeForARegisteredFieldAlone() {
        assertThat(aboutHandlers()
                        .flatMap(type -> type.getConstructorCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().isEquivalentTo(ApiSystem.class))
                        .map(call -> call.getOrigin())
                        .filter(origin -> !origin.getOwner().isEquivalentTo(ApiSystem.class)))
                .hasSizeGreaterThanOrEqualTo(8)
                .as("are constructors")
                .allMatch(JavaCodeUnit::isConstructor);
        assertThat(aboutHandlers().flatMap(type -> type.getFields().stream()).filter(field -> field.getRawType()
                        .isEquivalentTo(ApiSystem.class)))
                .as("are annotated @RegisterExtension")
                .allMatch(field -> field.isAnnotatedWith(RegisterExtension.class));
    }

    @Test
    void aHandlerIsReachedThroughTheRoutesAsTheyAreWired() {
        assertThat(aboutHandlers()
                        .filter(type -> !type.isEquivalentTo(ApiSystem.class))
                        .filter(type -> !AS_DEPLOYED.contains(type.getSimpleName()))
                        .filter(type -> names(type, Edge.class, Route.class, Handler.class, Request.class)))
                .as("have handlers of their own")
                .isEmpty();
    }

    private static boolean hasTests(JavaClass type) {
        return type.getAllMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(Testable.class));
    }

    private static boolean holdsTheLaw(JavaClass type) {
        return type.getAllFields().stream()
                .anyMatch(field -> field.getRawType().isEquivalentTo(ApiSystem.class)
                        && field.isAnnotatedWith(RegisterExtension.class));
    }

    /// Whether a class names one of the types, or what implements one of them.
    private static boolean names(JavaClass type, Class<?>... types) {
        return type.getDirectDependenciesFromSelf().stream().anyMatch(dependency -> Stream.of(types)
                .anyMatch(named -> dependency.getTargetClass().isAssignableTo(named)));
    }
}
